"""Matches: one clock for all of them, and for each its seats, inbox, rounds and broadcast.

Cores (synchronous, counting ticks): match and what it is made of. Shells: metronome (when a tick
runs), host (one match's life), registry (all matches), session (one connection). Knows neither
HTTP nor who waits in the lobby.
"""
