"""What a company has of its own: fields, tables and keys (sap-service-layer.md 5.3)."""
