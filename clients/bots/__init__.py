"""Many bots in one process, for load and for company: `skirmish bots`.

Owns: how they live, and the report. Must not know: sockets, which `clients.net` owns.
"""
