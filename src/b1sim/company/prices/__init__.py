"""What an item costs a partner: special prices, discount groups, price lists."""
