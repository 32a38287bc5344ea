"""Many processes as one server: a supervisor, a gateway, workers and a warm spare.

See docs/ARCHITECTURE.md, "Processes". Must not know: rules, what a match does with a message.
"""
