"""Settings for the budgets of work.

Owns: the limits and their ranges. Must not know: how they are kept.
"""

from attrs import frozen

from server.config.options import option

PER_ADDRESS = (1, 100_000)


@frozen
class BudgetSettings:
    """How much of a processor core others may ask for, and what one address may hold."""

    share: float = option(
        0.5,
        "part of a core for everything that is not a match's tick, while matches run",
        (0.05, 1),
    )
    slice_us: int = option(
        2_000, "how long such work may go on before a tick that is due runs", (200, 20_000)
    )
    connection_ms_per_s: float = option(
        30.0, "work one connection may ask for, over time: milliseconds each second", (1, 1_000)
    )
    connection_burst_ms: float = option(400.0, "burst of the same, in milliseconds", (10, 60_000))
    session_ms_per_s: float = option(
        20.0, "work one person in the lobby may ask for, over time", (1, 1_000)
    )
    session_burst_ms: float = option(400.0, "burst of the same, in milliseconds", (10, 60_000))
    address_ms_per_s: float = option(150.0, "work one address may ask for, over time", (1, 1_000))
    address_burst_ms: float = option(2_000.0, "burst of the same, in milliseconds", (10, 60_000))
    unfinished_heads_per_address: int = option(
        32,
        "connections of one address without a whole request head; the oldest is closed",
        PER_ADDRESS,
    )
    sessions_per_address: int = option(
        512, "people of one address that the lobby remembers, dropped ones included", PER_ADDRESS
    )
    rooms_per_address: int = option(
        32, "private rooms that people of one address have opened", PER_ADDRESS
    )
    echoes_per_address: int = option(8, "open /echo connections of one address", PER_ADDRESS)
    reservations_per_address: int = option(
        8, "seats held for players of one address who have not connected yet", PER_ADDRESS
    )
    matches_per_address: int = option(
        8, "running matches that were started from one address", PER_ADDRESS
    )
    bots_per_address: int = option(
        160, "bots in private matches that were started from one address", PER_ADDRESS
    )
    watchers_per_address: int = option(
        8, "spectators of one address, of all running matches together", PER_ADDRESS
    )
    viewers_per_address: int = option(
        4, "viewers of finished rounds that one address has open", PER_ADDRESS
    )
    downloads_per_address: int = option(
        2, "replay files being packed for one address, or sent there, at once", PER_ADDRESS
    )
