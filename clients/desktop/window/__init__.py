"""pygame: painting, playing sounds, reading devices. Must not know sockets, or decide anything."""
