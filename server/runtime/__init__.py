"""What each process needs from its system: a clock, descriptors, listeners; and start errors."""
