"""Time, sockets, processes and people: everything around the rules, which live in `game`.

Knows `game` and never `clients`. Files that import Trio are shells; all others are cores, and no
core imports a shell. `app.py` wires the folders together; `cli.py` is the command `skirmish`.
"""
