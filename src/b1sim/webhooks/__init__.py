"""The webhook messenger, which runs beside the Service Layer (sap-service-layer.md 6)."""
