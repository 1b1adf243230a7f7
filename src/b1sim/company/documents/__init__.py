"""Marketing documents: from what was sent to what stands in the books."""
