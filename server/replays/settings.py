"""What an operator may choose about replays and those who watch them."""

from attrs import frozen

from server.options import option


@frozen
class ReplaySettings:
    """Limits of viewers; they never cost a match more than a slice of a millisecond at a time."""

    enabled: bool = option(True, "finished public matches can be downloaded and watched")
    viewers_max: int = option(8, "people who watch replays at once; more are refused", (0, 1_000))
    cpu_percent: float = option(
        25.0, "of a core, for all viewers and downloads together", (1.0, 100.0)
    )
    listed_max: int = option(50, "finished rounds in the list, newest first", (1, 200))
    open_s: float = option(10.0, "from the handshake to a valid first message", (0.1, 60))
