"""Pages beside a match: what is on them, and what a click asks for. Must not know pygame."""
