"""What the company allows: periods, numbers, currencies, users."""
