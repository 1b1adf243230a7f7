"""The paths and field names of SAP-B1-RESTful, over the same desks (sap-service-layer.md 13)."""
