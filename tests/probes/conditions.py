"""The networks that are probed, as in the table.

Owns: the list. A ping is a round trip, so a line's delay is half of it.
"""

from typing import Final

from attrs import evolve

from clients.chaos.profiles import PROFILES, NetworkProfile
from tests.probes.probe import Conditions

FAR_TICKS: Final = 30  # 500 ms, the longest that an operator may choose

LAN: Final = Conditions("lan", PROFILES["lan"])
PING_50: Final = Conditions("50 ms", NetworkProfile(0.025))
PING_150: Final = Conditions("150 ms", NetworkProfile(0.075))
# Under the usual cap, most rails of `PING_150` are a little too late to count.
PING_150_FAR: Final = evolve(PING_150, name="150 ms, longer rewind", rewind_ticks_max=FAR_TICKS)
PING_250: Final = Conditions(
    "250 ms, jitter 40", NetworkProfile(0.105, 0.040), rewind_ticks_max=FAR_TICKS
)
STALL: Final = Conditions("50 ms, stall of 2 s", NetworkProfile(0.025), outage_s=(10.0, 12.0))
SLOW: Final = Conditions("20 kB/s", PROFILES["slow"])
# Less bandwidth than a match needs, and the smallest line capacity that the server allows.
STARVED: Final = Conditions("1 kB/s", NetworkProfile(0.040, 0.010, 1_000, capacity_bytes=1_024))
NO_REWIND: Final = Conditions("50 ms, no rewind", NetworkProfile(0.025), rewind_ticks_max=0)

ALL: Final = (LAN, PING_50, PING_150, PING_250, STALL, SLOW, STARVED, NO_REWIND)
