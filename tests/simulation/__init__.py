"""Deterministic simulation: the whole server and its clients, in virtual time, from one seed.

Everything that a server takes from its machine is replaced here by a fake that the seed drives:

    directed.py    the clock, all randomness, Trio's scheduling order, threads
    network.py     connections: delay, stalls, short writes, resets, half-open peers
    disk.py        the journals' folder: short writes, a full disk, a write torn by a crash
    ledger.py      the store of results: slow, failing, and it survives a crash
    process.py     one life of a server: it starts, adopts, and may die between any two effects
    player.py      well-behaved clients; hostile.py: attackers
    witness.py     what must always hold, and what must hold at the end
    scenario.py    what happens in a run, drawn from the seed
    run.py         one run and its outcome

`make simulate SEED=… RUNS=…` runs many; the same seed gives the same run, to the last byte.
"""
