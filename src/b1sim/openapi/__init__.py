"""Describes b1sim's own surface as OpenAPI: for tools, and for tests that try everything."""
