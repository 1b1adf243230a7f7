"""Documents of the warehouse: goods receipts and issues, transfers, and what is kept of goods."""
