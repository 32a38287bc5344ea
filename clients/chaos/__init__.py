"""A network made bad on purpose, for people (`skirmish chaos`) and for tests in virtual time.

profiles.py    what a connection is like, and the profiles
link.py        one direction: when each byte arrives; seeded, and without a clock of its own
stalls.py      when nothing gets through for a while
connection.py  two links between two streams
proxy.py       sockets
cli.py         the command
"""
