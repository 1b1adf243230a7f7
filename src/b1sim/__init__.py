"""A Service Layer for SAP Business One that needs no SAP: its own books, its own quirks."""
