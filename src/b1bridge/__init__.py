"""Keeps SAP Business One in step with shops, CRM and chat: once, to the cent, never silent."""
