"""Files that hang on documents and items, kept in the company file."""
