"""Describes the service: `$metadata` of both versions and the service document."""
