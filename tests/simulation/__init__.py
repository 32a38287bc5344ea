"""Deterministic simulation: the whole server and its clients, in virtual time, from one seed.

Everything that a server takes from its machine has a stand-in here that is driven by the seed:

    directed.py    the clock, all dice, Trio's own order, threads
    network.py     connections: delay, stalls, short writes, resets, half-open peers
    disk.py        the journals' folder: short writes, a full disk, a write torn by a crash
    ledger.py      the store of results: slow, failing, and it outlives a crash
    process.py     one life of a server: it starts, adopts, and may die between any two effects
    player.py      people who behave; hostile.py: others
    witness.py     what must always hold, and what must hold in the end
    scenario.py    what happens in a run, drawn from the seed
    run.py         one run, and what came of it

`make simulate SEED=… RUNS=…` runs many; the same seed gives the same run, to the last byte.
"""
