"""Probes: what playing feels like on a given network, measured in virtual time.

    line.py     the network: each player has a line of their own, as bad as wanted
    person.py   a player at a screen, 60 frames a second: prediction, interpolation, inputs
    habits.py   what players do: run about, dash, shoot rails, tap a key
    range.py    the server: front, handshake, tickets, metronome, match, over simulated links
    probe.py    one run and its figures

Server and clients are the real ones; only sockets and clocks are simulated. So a run takes a few
seconds of processor time, the same seed gives the same figures, and no test is flaky.
`python -m bench.probes` prints the table, `test_probes.py` asserts what must hold exactly.
"""
