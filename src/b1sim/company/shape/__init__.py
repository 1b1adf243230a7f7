"""What a company file is made of: entity sets, tables, and rows in and out of them."""
