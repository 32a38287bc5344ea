"""Everything that plays on a server from outside: what Python clients share, bots, the browser.

Must not know: anything of `server`; the two meet only in the messages of `game.wire`.
"""
