"""A seat's inputs by tick: what came early waits, what came late is dropped, what is missing is
coasted over.

Owns: the one policy for late, early, duplicate and missing inputs. Must not know: sockets, worlds.
Invariant: at most `AHEAD_TICKS_MAX` inputs wait, whatever a client sends.
"""

from collections.abc import Sequence

from attrs import define, field

from game.inputs import NEUTRAL, Input
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND

AHEAD_TICKS_MAX = 30  # half a second: more is no prediction, it is a client with another clock
COAST_TICKS = 15  # a starved seat repeats its last input so long, then lets go of all keys
MARGIN_LIMIT = 127
NOTHING_YET = Input(buttons=-1)  # differs from everything that a client can ask for

_new_tuple = tuple.__new__  # skips the named tuple's own constructor, which takes twice as long


@define
class Inbox:
    """Inputs for ticks after the current one. Policies: late `drop`, early `drop`, duplicate `keep
    the first`.
    """

    waiting: dict[int, Input] = field(factory=dict)
    in_force: Input = NOTHING_YET  # a seat that lets go of its keys does not turn round
    starved_ticks: int = 0
    margin: int = 0  # ticks the last message's first new step came before it was needed; < 0 late
    heard_tick: int = -1  # the last step of the last message was for this tick
    waited_ticks: int = 0  # how long messages lie in the kernel before they are drained, lately
    late_count: int = 0
    early_count: int = 0

    def put(self, now_tick: int, first_tick: int, view_lag: int, steps: Sequence[int]) -> None:
        """Accept a message's steps (buttons, aim, buttons, aim, …) for `first_tick` and the ticks
        after it. A message may begin with steps of the one before, in case that one was lost.
        """
        last_tick = first_tick + len(steps) // 2 - 1
        tick = self.heard_tick + 1 if first_tick <= self.heard_tick < last_tick else first_tick
        self.heard_tick = last_tick
        ahead = tick - now_tick - 1 + self.waited_ticks
        self.margin = ahead if -MARGIN_LIMIT <= ahead <= MARGIN_LIMIT else _clamped(ahead)
        waiting = self.waiting
        end_tick = now_tick + AHEAD_TICKS_MAX
        for index in range(2 * (tick - first_tick), len(steps), 2):
            if tick <= now_tick:
                self.late_count += 1
            elif tick > end_tick:
                self.early_count += 1
            elif tick not in waiting:
                waiting[tick] = _new_tuple(Input, (steps[index], steps[index + 1], view_lag))
            tick += 1

    def take(self, tick: int) -> Input | None:
        """The input to put in force at `tick`; None leaves the one before in force."""
        found = self.waiting.pop(tick, None)
        if found is None:
            self.starved_ticks += 1
            if self.starved_ticks != COAST_TICKS:
                return None
            found = NEUTRAL._replace(aim=self.in_force.aim)
        else:
            self.starved_ticks = 0
        if found == self.in_force:
            return None
        self.in_force = found
        return found

    def take_counts(self) -> tuple[int, int]:
        """How many steps came late and early since this was asked last."""
        counts = self.late_count, self.early_count
        self.late_count = self.early_count = 0
        return counts

    def clear(self) -> None:
        """Forget what waits: another round begins, or another connection."""
        self.waiting.clear()
        self.in_force = NOTHING_YET
        self.starved_ticks = 0
        self.margin = 0
        self.heard_tick = -1


def waited_ticks(idle_ms: int) -> int:
    """Whole ticks that bytes have been waiting, of the few that a match lets them wait."""
    return min(SNAPSHOT_EVERY_TICKS - 1, idle_ms * TICKS_PER_SECOND // 1_000)


def _clamped(margin: int) -> int:
    return max(-MARGIN_LIMIT, min(MARGIN_LIMIT, margin))
