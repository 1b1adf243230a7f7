"""The doors that others knock on: notices and health."""
