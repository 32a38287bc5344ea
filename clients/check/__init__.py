"""Is a server reached as players will reach it, and if not, what is in the way: `skirmish check`.

Owns: what is asked, in which order. Must not know: sockets, that is the link's business.
"""
