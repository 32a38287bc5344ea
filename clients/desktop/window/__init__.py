"""pygame: painting, sounding, and reading keys. Must not know sockets, or decide anything."""
