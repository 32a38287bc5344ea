"""Probes: what playing feels like on a given network, measured, in virtual time.

    line.py     the network: each player has a line of their own, as bad as wanted
    person.py   somebody at a screen, sixty frames a second: prediction, interpolation, inputs
    habits.py   what people do: run about, dash, shoot rails, tap a key
    range.py    the server: front, handshake, tickets, metronome, match, sockets on simulated links
    probe.py    one run, and its figures

Server and clients are the real ones; only sockets and clocks are not. So a run takes a few seconds
of processor time, the same seed gives the same figures, and nothing can flake.
`python -m bench.probes` prints the table, `test_probes.py` asserts what must hold exactly.
"""
