"""Time travel through a journal for a person in a terminal: `skirmish debug`.

Owns: places in time, questions about fields, and the words for them. Must not know: sockets, how a
match is hosted. Only `shell` knows that there is a terminal.
"""
