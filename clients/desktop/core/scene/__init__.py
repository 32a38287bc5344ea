"""Positions and lifetimes of the world's things on the screen. Must not know how they look."""
