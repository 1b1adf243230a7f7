"""The whole platform against its simulators, ending in a proof of the books."""
