"""The ledger, journal entries and payments."""
