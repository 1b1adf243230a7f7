"""The nouns and rules of the trade; plain Python, nothing else."""
