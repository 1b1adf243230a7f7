"""Partners, items and the small tables."""
