"""Stock, batches and serial numbers."""
