"""Calls that are cancelled at every instant at which a cancellation can reach them (rows F71 and F72)."""
