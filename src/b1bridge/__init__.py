"""Keeps SAP Business One in step with shops, CRM and chat: exactly once, to the cent, never silent."""
