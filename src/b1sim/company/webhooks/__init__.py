"""Webhooks of FP 2602, as far as they happen inside the company (sap-service-layer.md 6)."""
