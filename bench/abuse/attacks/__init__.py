"""What is done to the server, by kind. Each attack runs in a process of its own, for a bounded time
and with a bounded number of connections, and ends by itself.
"""
