"""Many bots in one process, for load and for company: `skirmish bots`.

Owns: how they live, and what is told of it. Must not know: sockets, that is the link's business.
"""
