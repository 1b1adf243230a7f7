"""Trouble that a test or a demo asks for: lost replies, dead nodes, slow logins."""
