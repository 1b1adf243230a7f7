"""Stored SQL queries: what SAP allows, how it is run, how it is answered."""
