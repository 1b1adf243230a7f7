"""What the company allows: approvals, periods, numbers, currencies."""
