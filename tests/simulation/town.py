"""The common state of a run's people: network, trace, witness, and what they tell each
other.

Owns: only these fields. Must not know: how they are used.
"""

from typing import TYPE_CHECKING

from attrs import define

from tests.simulation.network import Network
from tests.simulation.trace import Trace

if TYPE_CHECKING:
    from tests.simulation.witness import Witness


@define(eq=False)
class Town:
    """See the module."""

    network: Network
    trace: Trace
    witness: "Witness"
    code: str = ""  # of the private room that friends meet in
    friends: int = 0  # how many will come to it
    is_calm: bool = False  # players no longer cut their own connections
    is_closing: bool = False  # nobody looks for another match
