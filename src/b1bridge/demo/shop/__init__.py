"""A shop's demo: shoppers order, trouble comes, and the books tie all the same."""
