"""The books of one company: master data, documents, stock, ledger, posting rules."""
