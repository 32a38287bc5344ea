"""The settings of matches; the rules themselves are not settings.

Owns: the limits and windows of matches. Must not know: how they are enforced.
"""

from attrs import frozen

from server.config.options import option


@frozen
class MatchSettings:
    """Limits and windows of every match in this process. Units are in the names."""

    matches_max: int = option(64, "matches at the same time; more are refused", (1, 10_000))
    watchers_max: int = option(32, "spectators of one match", (0, 1_000))
    watch_delay_s: int = option(
        30, "how much later spectators see a match, from its journal; 0: live", (0, 600)
    )
    rewind_ms: int = option(
        250, "a rail hits where its shooter saw the target, up to so long ago", (0, 500)
    )
    fog: bool = option(
        True, "players are sent only what they could see; without, everybody sees everything"
    )
    bot_level: int = option(3, "skill of the bots that keep public seats warm", (1, 5))
    join_s: int = option(10, "from the handshake to a valid join message", (1, 60))
    resume_s: int = option(60, "how long a dropped player keeps the seat", (0, 600))
    empty_s: int = option(20, "a match with nobody in it ends after this", (1, 3_600))
    silent_s: int = option(
        15, "a connected client that says nothing is closed after this", (3, 300)
    )
    idle_s: int = option(
        30,
        "a player who sends no input for this long loses the seat; pings do not count",
        (3, 3_600),
    )
    wait_for_people: bool = option(
        True, "a match waits until somebody connects; false: its bots start at once"
    )
    load_max: float = option(
        0.9, "part of a core that ticks may take before further matches are refused", (0.05, 1)
    )
    private_share: float = option(
        0.75, "part of all matches that private rooms may take; the rest is for quick play", (0, 1)
    )
    slow_s: int = option(10, "a client that reads nothing is closed after this", (1, 60))
    keep_on_stop: bool = option(
        True, "matches that do not end within grace_s go on at the next start; without, they end"
    )
    errors_max: int = option(5, "messages outside the table before the close", (0, 100))
    messages_per_s: int = option(120, "messages a client may send, over time", (60, 1_000))
    messages_burst: int = option(240, "messages a client may send at once", (60, 5_000))
