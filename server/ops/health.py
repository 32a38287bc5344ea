"""What `/healthz` says: whether to send people here, and a few numbers to see it lives.

Owns: the words. Must not know: where the numbers come from. Invariant: anything but 200 means "not
here".
"""

from attrs import asdict, frozen


@frozen
class Health:
    """One moment of the server. Ages and times are in seconds."""

    status: str  # ok or closing
    version: str
    compiled: bool  # whether the hottest modules are
    uptime_s: float
    matches: int
    people: int
    last_tick_age_s: float | None  # None: no match is running

    def http_status(self) -> int:
        """200, or 503 for whoever routes people."""
        return 200 if self.status == "ok" else 503

    def body(self) -> dict[str, object]:
        """Return the fields as JSON takes them."""
        return asdict(self)
