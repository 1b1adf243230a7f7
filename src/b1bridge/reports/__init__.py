"""Reports: what shop, hub and books say of the same days, side by side."""
