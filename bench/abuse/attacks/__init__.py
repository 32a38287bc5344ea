"""The attacks on the server, by kind. They run in the attacker's process, one at a time. Each ends
by itself, after a bounded time and with a bounded number of connections.
"""
