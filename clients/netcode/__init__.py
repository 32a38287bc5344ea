"""What a client computes between snapshots: prediction of the local player, interpolation of the
others, and time.

Owns: pure cores, for clients that draw a match or play ahead of the server. Must not know: sockets,
clocks (the time is passed in), screens. The browser has the same files, in `src/netcode/`, over the
rules in `src/rules/`.
"""
