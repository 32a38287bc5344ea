"""A process's part of its system: a clock, descriptors, listeners; and start errors."""
