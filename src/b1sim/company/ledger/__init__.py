"""Accounts, the general ledger and journal entries."""
