"""Where things of the world are on the screen, and for how long. Must not know how they look."""
