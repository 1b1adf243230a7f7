"""Recordings of a real Service Layer, redacted, and how b1sim differs from them."""
