"""The wire protocol: one table of messages, their codec, and snapshots as deltas.

Owns: bytes and their meaning. Must not know: sockets, and which side it runs on.
"""
