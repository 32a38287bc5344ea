"""Settings of replays and their viewers."""

from attrs import frozen

from server.config.options import option


@frozen
class ReplaySettings:
    """Limits of viewers, who delay a match by at most a slice of a millisecond at a time."""

    enabled: bool = option(True, "finished public matches can be downloaded and watched")
    viewers_max: int = option(
        8,
        "viewers of finished rounds at once; shared out between addresses when all are taken",
        (0, 1_000),
    )
    watchers_max: int = option(
        32,
        "viewers of running matches (match.watch_delay_s) at once; shared out in the same way",
        (0, 1_000),
    )
    downloads_max: int = option(
        16, "replay files being packed or sent at once; shared out in the same way", (1, 1_000)
    )
    cpu_percent: float = option(
        25.0, "of a core, for all viewers and downloads together", (1.0, 100.0)
    )
    listed_max: int = option(50, "finished rounds in the list, newest first", (1, 200))
    idle_s: float = option(
        300.0,
        "a viewer who pauses, or stays at the end, is disconnected after this long",
        (5, 86_400),
    )
    kept_mb: float = option(
        32.0, "memory for files that were packed for downloads, in megabytes", (1, 10_000)
    )
    open_s: float = option(10.0, "from the handshake to a valid first message", (0.1, 60))
