"""Everything that talks to a server from outside: shared Python client code, bots, the browser.

Must not know: `server`; the two meet only in the messages of `game.wire`.
"""
