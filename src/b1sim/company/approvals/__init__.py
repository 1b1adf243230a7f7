"""Approval procedures: documents that wait as drafts until enough people agree."""
