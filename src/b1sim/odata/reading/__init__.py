"""Answers reads: the query options of SAP's dialect, navigation, and how entities are printed."""
