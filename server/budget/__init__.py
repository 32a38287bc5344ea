"""How much work others may ask of this server, and what they may hold at one time."""
