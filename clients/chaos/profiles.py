"""The properties of a connection, and the profiles to choose from.

Owns: the numbers. Must not know: how they take effect. Each number holds for each direction, so a
round trip takes twice the delay. docs/CHAOS.md says where the profiles come from.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import Attribute, field, frozen
from attrs.validators import ge, gt, le

DELAY_S_MAX: Final = 10.0
STALL_EVERY_S_MIN: Final = 0.5
QUEUE_S: Final = 0.2  # what routers buffer of a stream that is faster than the line
CAPACITY_BYTES_MIN: Final = 16_384  # less than this makes even a slow line slower
CAPACITY_BYTES_MAX: Final = 1 << 20  # of one direction of one connection


def _never_or_often(_: object, attribute: "Attribute[float]", value: float) -> None:
    if value != 0 and value < STALL_EVERY_S_MIN:
        raise ValueError(f"'{attribute.name}' must be 0 or >= {STALL_EVERY_S_MIN}: {value}")


@frozen
class NetworkProfile:
    """One kind of connection."""

    delay_s: float = field(default=0.0, validator=[ge(0), le(DELAY_S_MAX)])
    jitter_s: float = field(default=0.0, validator=[ge(0), le(DELAY_S_MAX)])  # up to this much more
    bytes_per_s: float = field(default=125e6, validator=[ge(100), le(1e10)])
    stall_every_s: float = field(default=0.0, validator=_never_or_often)  # on average; 0: never
    stall_for_s: float = field(default=0.0, validator=[ge(0), le(600)])
    reset_per_minute: float = field(default=0.0, validator=[ge(0), le(1)])  # a probability
    capacity_bytes: int = field(validator=[gt(0), le(1 << 24)])  # in flight or unread

    @capacity_bytes.default
    def _line_and_queue(self) -> int:
        """The bytes on a full line, plus a queue in front of it."""
        held_bytes = int(self.bytes_per_s * (self.delay_s + self.jitter_s + QUEUE_S))
        return max(CAPACITY_BYTES_MIN, min(CAPACITY_BYTES_MAX, held_bytes))


PROFILES: Final[Mapping[str, NetworkProfile]] = MappingProxyType(
    {
        "lan": NetworkProfile(delay_s=0.0003, jitter_s=0.0002),
        "wifi": NetworkProfile(0.006, 0.012, 3e6, stall_every_s=20, stall_for_s=0.15),
        "dsl": NetworkProfile(0.018, 0.004, 2e6),
        "4g": NetworkProfile(0.030, 0.025, 1.5e6, stall_every_s=30, stall_for_s=0.3),
        "3g": NetworkProfile(0.075, 0.060, 150e3, stall_every_s=30, stall_for_s=0.8),
        "slow": NetworkProfile(0.040, 0.010, 20e3),
        "intercontinental": NetworkProfile(0.120, 0.010, 2e6),
        "satellite": NetworkProfile(0.300, 0.020, 1e6),
        "train": NetworkProfile(0.040, 0.060, 500e3, 20, 2.0, reset_per_minute=0.1),
    }
)
