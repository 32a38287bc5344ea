"""What the people of a run share: the network, the trace, who watches, and what they tell each
other.

Owns: nothing but the places. Must not know: what they do with them.
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
    friends: int = 0  # who will come to it
    is_calm: bool = False  # nobody cuts their own connection any more
    is_closing: bool = False  # nobody looks for another match
