"""The connections with a lobby and a match. Must not know what a window is."""
