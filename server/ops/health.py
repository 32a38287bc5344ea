"""`/healthz`: whether to send people here, and a few vital signs.

Owns: the words. Must not know: where the numbers come from. Invariant: anything but 200 means "not
here".
"""

from attrs import asdict, frozen


@frozen
class Health:
    """The state of the server at one moment. Ages and times are in seconds."""

    status: str  # ok or closing
    version: str
    compiled: bool  # whether the hottest modules are
    uptime_s: float
    matches: int
    people: int
    last_tick_age_s: float | None  # None: no match is running

    def http_status(self) -> int:
        """Return 200, or 503 to tell load balancers to send no players here."""
        return 200 if self.status == "ok" else 503

    def body(self) -> dict[str, object]:
        """Return the fields, ready for JSON."""
        return asdict(self)
