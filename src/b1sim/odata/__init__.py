"""What travels over the wire: queries, envelopes and errors, in version 1 and 2 spelling."""
