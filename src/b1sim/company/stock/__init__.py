"""What lies in the warehouses: movements, batches and serial numbers."""
