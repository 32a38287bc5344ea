"""What stands on the glass in front of a match, as shapes. Must not know pygame."""
