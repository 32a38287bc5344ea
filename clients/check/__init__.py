"""Whether players can reach a server, and if not, what is in the way: `skirmish check`.

Owns: what is asked, in which order. Must not know: sockets, which `clients.net` owns.
"""
