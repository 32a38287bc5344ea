"""The HUD in front of a match, as shapes. Must not know pygame."""
