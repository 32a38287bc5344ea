"""The whole game, as a person meets it: a real Chromium against a real server."""
