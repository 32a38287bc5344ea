"""Settings: which exist, their checks, where values come from, and which may change at runtime."""
