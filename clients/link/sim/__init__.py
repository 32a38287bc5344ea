"""What a client makes of snapshots between them: oneself foretold, the others interpolated, time
itself.

Owns: pure cores, for whoever draws a match or plays one ahead of the server. Must not know:
sockets, clocks (they are told the time), screens. The browser has the same, in `src/sim/`.
"""
