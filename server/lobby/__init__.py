"""The lobby: who is here, what they want, and the ticket that takes them to a match.

The shell is `handler`; all other modules are synchronous cores.
"""
