"""Inputs by tick: what is early waits, what is late is dropped, what is missing is coasted over.

Owns: the one policy for late, early, duplicate and missing inputs. Must not know: sockets, worlds.
Invariant: at most `AHEAD_TICKS_MAX` inputs of each seat wait, whatever a client sends.

All seats' inputs for a tick lie in one row, so that a tick is served by one look.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from game.inputs import NEUTRAL, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, Input
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.input_path import decode_input

AHEAD_TICKS_MAX: Final = 30  # half a second: more is no prediction but another clock
COAST_TICKS: Final = 15  # a starved seat repeats its last input so long, then lets go of all keys
MARGIN_LIMIT: Final = 127
NO_BUTTONS: Final = -1  # differs from everything that a client can ask for

_new_tuple = tuple.__new__  # skips the named tuple's own constructor, which takes twice as long


def changed(row: dict[int, Input], in_force: dict[int, Input]) -> list[tuple[int, Input]]:
    """What of a row is not in force yet; from now on it is."""
    news: list[tuple[int, Input]] = []
    for slot, wish in row.items():
        if in_force.get(slot) != wish:
            in_force[slot] = wish
            news.append((slot, wish))
    return news


@dataclass(slots=True)
class Inputs:
    """Of all seats of a match."""

    rows: dict[int, dict[int, Input]] = field(
        init=False, default_factory=dict
    )  # by tick, then by slot
    _in_force: dict[int, Input] = field(
        init=False, default_factory=dict
    )  # by slot; none before the first
    _starved_ticks: dict[int, int] = field(
        init=False, default_factory=dict
    )  # of those who are, by slot

    def inbox(self, slot: int) -> "Inbox":
        """Where what the seat's client sends comes in."""
        return Inbox(self, slot)

    def take(
        self, tick: int, seated: AbstractSet[int], present: AbstractSet[int]
    ) -> list[tuple[int, Input]]:
        """The inputs to put in force at `tick`, of the seated who are present in the world; for
        those that are not named, the one before stays in force. Ticks are asked for one after the
        other.
        """
        row = self.rows.pop(tick, None) or {}
        if self._starved_ticks or row.keys() != seated or not seated <= present:
            row = self._coast(row, seated & present)
        return changed(row, self._in_force)

    def waiting(self, slot: int) -> dict[int, Input]:
        """What waits of one seat, by tick."""
        return {tick: row[slot] for tick, row in self.rows.items() if slot in row}

    def forget(self, slot: int) -> None:
        """Another connection of this seat, or none: what comes next is new, whatever it is."""
        for tick, row in list(self.rows.items()):
            row.pop(slot, None)
            if not row:
                del self.rows[tick]
        self._starved_ticks.pop(slot, None)
        if slot in self._in_force:
            self._in_force[slot] = self._in_force[slot]._replace(buttons=NO_BUTTONS)

    def clear(self) -> None:
        """Another round begins, and ticks are counted from its beginning."""
        self.rows.clear()
        self._in_force.clear()
        self._starved_ticks.clear()

    def _coast(self, row: dict[int, Input], slots: AbstractSet[int]) -> dict[int, Input]:
        """What is in force for `slots`, with those that let go of their keys now: they do not turn
        round.
        """
        served = {}
        starved_ticks = self._starved_ticks
        for slot in slots:
            if slot in row:
                served[slot] = row[slot]
                starved_ticks.pop(slot, None)
                continue
            ticks = starved_ticks[slot] = starved_ticks.get(slot, 0) + 1
            if ticks == COAST_TICKS:
                served[slot] = NEUTRAL._replace(aim=self._in_force.get(slot, NEUTRAL).aim)
        return served


@dataclass(slots=True)
class Inbox:
    """One seat's inputs for ticks after the current one. Policies: late `drop`, early `drop`,
    duplicate `keep the first`.
    """

    _inputs: Inputs
    slot: int
    margin: int = 0  # ticks the last message's first new step came before it was needed; < 0 late
    heard_tick: int = -1  # the last step of the last message was for this tick
    waited_ticks: int = 0  # how long messages lie in the kernel before they are drained, lately
    lag_max: int = (
        VIEW_LAG_MAX  # in eighths of a tick: the longest view lag of an input just in time
    )
    late_count: int = 0
    early_count: int = 0

    def put(self, now_tick: int, first_tick: int, view_lag: int, steps: tuple[int, ...]) -> None:
        """Accept a message's steps (buttons, aim, buttons, aim, …) for `first_tick` and the ticks
        after it. A message may begin with steps of the one before, in case that one was lost.

        The lag that it claims counts as far as the connection accounts for it, and by as much more
        as a step comes early, for so long its sender really waits.
        """
        last_tick = first_tick + len(steps) // 2 - 1
        tick = self.heard_tick + 1 if first_tick <= self.heard_tick < last_tick else first_tick
        self.heard_tick = last_tick
        ahead = tick - now_tick - 1 + self.waited_ticks
        self.margin = ahead if -MARGIN_LIMIT <= ahead <= MARGIN_LIMIT else _clamped(ahead)
        lag_max = self.lag_max + (ahead - tick) * VIEW_LAG_PER_TICK
        rows, slot = self._inputs.rows, self.slot
        end_tick = now_tick + AHEAD_TICKS_MAX
        for index in range(2 * (tick - first_tick), len(steps), 2):
            if tick <= now_tick:
                self.late_count += 1
            elif tick > end_tick:
                self.early_count += 1
            else:
                if tick not in rows:
                    rows[tick] = {}
                row = rows[tick]
                if slot not in row:
                    lag = min(view_lag, lag_max + tick * VIEW_LAG_PER_TICK)
                    row[slot] = _new_tuple(Input, (steps[index], steps[index + 1], lag))
            tick += 1

    def take_counts(self) -> tuple[int, int]:
        """How many steps came late and early since this was asked last."""
        counts = self.late_count, self.early_count
        self.late_count = self.early_count = 0
        return counts

    def clear(self) -> None:
        """Forget what waits: another connection, or none."""
        self._inputs.forget(self.slot)
        self._forget_times()

    def move(self, slot: int) -> None:
        """Another round begins, and the seat has this number in it."""
        self.slot = slot
        self._forget_times()

    def _forget_times(self) -> None:
        self.margin = 0
        self.heard_tick = -1


def take_message(inbox: Inbox, now_tick: int, payload: bytes) -> bool:
    """Put a message into a seat's inbox, if it is an input in the form that nearly all have; else
    the general way has to read it.
    """
    fields = decode_input(payload)
    if fields is None:
        return False
    inbox.put(now_tick, *fields)
    return True


def waited_ticks(idle_ms: int) -> int:
    """Whole ticks that bytes have been waiting, of the few that a match lets them wait."""
    return min(SNAPSHOT_EVERY_TICKS - 1, idle_ms * TICKS_PER_SECOND // 1_000)


def _clamped(margin: int) -> int:
    return max(-MARGIN_LIMIT, min(MARGIN_LIMIT, margin))
