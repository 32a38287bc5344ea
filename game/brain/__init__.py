"""Bot players: what one seat sees → its input, pure and seeded."""
