"""The input buffer: early inputs wait, late ones are dropped, and a missing one repeats the last.

Owns: the one policy for late, early, duplicate and missing inputs. Must not know: sockets, worlds.
Invariant: at most `AHEAD_TICKS_MAX` inputs of each seat wait, whatever a client sends.

All seats' inputs for a tick are in one row, so a tick needs one lookup. In a row, an input is one
integer: buttons, then 16 bits of aim, then 8 bits of lag. One comparison covers all three fields,
and only inputs that take effect are unpacked.
"""

from typing import Any, Final

from librt.vecs import append, vec
from mypy_extensions import i64

from game.inputs import AIM_MAX, BUTTON_BITS, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, InputFields
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.input_path import InputMessage
from game.wire.match_messages import Inputs

AHEAD_TICKS_MAX: Final = 30  # half a second: a client further ahead has a wrong clock
COAST_TICKS: Final = 15  # a starved seat repeats its last input this long, then releases all keys
MARGIN_LIMIT: Final = 127
ROWS: Final = 32  # a power of two above AHEAD_TICKS_MAX: a tick's low bits index its row
NO_TICK: Final = -1
NOTHING: Final = -1  # in place of an input
AIM_SHIFT: Final = 8
BUTTONS_SHIFT: Final = 24
AIM_BITS: Final = AIM_MAX << AIM_SHIFT
NO_BUTTONS: Final = BUTTON_BITS << BUTTONS_SHIFT  # no client can send this


class Row:
    """All seats' inputs for one tick, by slot."""

    def __init__(self) -> None:
        """Begin without a tick."""
        self.tick: i64 = NO_TICK
        self.inputs: vec[i64] = vec[i64]()

    def begin(self, tick: i64) -> None:
        """Become the empty row of another tick."""
        self.tick = tick
        inputs = self.inputs
        slot: i64 = 0
        while slot < len(inputs):
            inputs[slot] = NOTHING
            slot += 1


class InputBuffer:
    """The inputs of all seats of a match, by tick and slot."""

    def __init__(self) -> None:
        """Begin without seats."""
        self.rows = [Row() for _ in range(ROWS)]
        self._in_force: vec[i64] = vec[i64]()  # by slot; NOTHING before the first
        self._starved_ticks: vec[i64] = vec[i64]()  # by slot

    def inbox(self, slot: int) -> "Inbox":
        """The inbox of one seat."""
        return Inbox(self, slot)

    def take(
        self, tick: i64, seated: dict[int, Any], present: dict[int, Any]
    ) -> list[tuple[int, InputFields]]:
        """The inputs that take effect at `tick`, by slot, for the `seated` who are `present` in
        the world. A seat that is not in the list keeps its last input. Call it once per tick, in
        order.
        """
        row = self.rows[tick & (ROWS - 1)]
        inputs, in_force, starved_ticks = row.inputs, self._in_force, self._starved_ticks
        if row.tick != tick:
            row.begin(tick)
        row.tick = NO_TICK  # served
        changed: list[tuple[int, InputFields]] = []
        is_sorted, last = True, -1
        for slot in seated:
            if slot not in present:
                continue
            packed: i64 = inputs[slot]
            before: i64 = in_force[slot]
            if packed == NOTHING:
                starved_ticks[slot] += 1
                if starved_ticks[slot] != COAST_TICKS:
                    continue
                # Release its keys, but keep its aim.
                packed = 0 if before == NOTHING else before & AIM_BITS
            elif starved_ticks[slot]:
                starved_ticks[slot] = 0
            if packed != before:
                in_force[slot] = packed
                changed.append((slot, _fields(packed)))
                is_sorted = is_sorted and slot > last
                last = slot
        if not is_sorted:
            changed.sort()
        return changed

    def make_room(self, slot: int) -> None:
        """Make every row long enough for this seat."""
        while len(self._in_force) <= slot:
            self._in_force = append(self._in_force, NOTHING)
            self._starved_ticks = append(self._starved_ticks, 0)
            for row in self.rows:
                row.inputs = append(row.inputs, NOTHING)

    def waiting(self, slot: int) -> dict[int, InputFields]:
        """The waiting inputs of one seat, by tick."""
        return {
            row.tick: _fields(row.inputs[slot])
            for row in self.rows
            if row.tick != NO_TICK and row.inputs[slot] != NOTHING
        }

    def forget(self, slot: int) -> None:
        """Drop a seat's inputs as its connection changes or ends; its next one counts as new."""
        if slot < 0:  # a watcher's
            return
        for row in self.rows:
            row.inputs[slot] = NOTHING
        self._starved_ticks[slot] = 0
        if self._in_force[slot] != NOTHING:
            self._in_force[slot] |= NO_BUTTONS

    def clear(self) -> None:
        """Drop everything: another round begins, and its ticks count from its start."""
        for row in self.rows:
            row.tick = NO_TICK
        for slot in range(len(self._in_force)):
            self._in_force[slot] = NOTHING
            self._starved_ticks[slot] = 0


class Inbox:
    """One seat's inputs for ticks after the current one. Policies: late `drop`, too early `drop`,
    duplicate `keep the first`.

    Ranges: ticks to the wire's `TICK_MAX`, counts of one second.
    """

    def __init__(self, buffer: InputBuffer, slot: int) -> None:
        """Serve `slot`; a watcher's is negative, and gets no inputs."""
        buffer.make_room(slot)
        self._buffer = buffer
        self.slot: i64 = slot
        # By how many ticks the last message's first new step was early; < 0: late.
        self.margin: i64 = 0
        self.heard_tick: i64 = -1  # the last step of the last message was for this tick
        self.waited_ticks: i64 = 0  # how long messages lie in the kernel before they are drained
        # The longest view lag of an input that is just in time, in eighths of a tick.
        self.lag_max: i64 = VIEW_LAG_MAX
        self.late_count: i64 = 0
        self.early_count: i64 = 0

    def put(self, now_tick: int, message: Inputs) -> None:
        """Accept a message that the general codec decoded; see `accept`."""
        inputs = InputMessage()
        inputs.hold(message)
        self.accept(now_tick, inputs)

    def accept(self, now_tick: i64, message: InputMessage) -> None:
        """Accept a message's steps. It may repeat steps of the previous one, in case that one was
        lost.

        The claimed lag is capped at what the connection accounts for, plus the time by which the
        step is early: the sender really waits that long.
        """
        tick = message.first_tick
        last_tick = tick + message.step_count - 1
        if tick <= self.heard_tick and self.heard_tick < last_tick:
            tick = self.heard_tick + 1
        index = tick - message.first_tick
        self.heard_tick = last_tick
        ahead = tick - now_tick - 1 + self.waited_ticks
        self.margin = _clamped(ahead)
        lag_max = self.lag_max + ahead * VIEW_LAG_PER_TICK
        end_tick = now_tick + AHEAD_TICKS_MAX
        slot, rows = self.slot, self._buffer.rows
        while tick <= last_tick:
            if tick <= now_tick:
                self.late_count += 1
            elif tick > end_tick:
                self.early_count += 1
            else:
                row = rows[tick & (ROWS - 1)]
                if row.tick != tick:
                    row.begin(tick)
                if row.inputs[slot] == NOTHING:
                    lag = message.view_lag if message.view_lag < lag_max else lag_max
                    packed = message.buttons(index) << BUTTONS_SHIFT | lag
                    row.inputs[slot] = packed | message.aim(index) << AIM_SHIFT
            tick += 1
            index += 1
            lag_max += VIEW_LAG_PER_TICK

    def take_counts(self) -> tuple[int, int]:
        """How many steps were late and how many too early since the last call."""
        counts = self.late_count, self.early_count
        self.late_count = self.early_count = 0
        return counts

    def clear(self) -> None:
        """Drop the waiting inputs, as the connection changes or ends."""
        self._buffer.forget(self.slot)
        self._forget_times()

    def move(self, slot: int) -> None:
        """Take the seat's slot in another round."""
        self._buffer.make_room(slot)
        self.slot = slot
        self._forget_times()

    def _forget_times(self) -> None:
        self.margin = 0
        self.heard_tick = -1


def waited_ticks(idle_ms: int) -> int:
    """Whole ticks that bytes have been waiting, at most one less than there are in a beat."""
    return min(SNAPSHOT_EVERY_TICKS - 1, idle_ms * TICKS_PER_SECOND // 1_000)


def _fields(packed: i64) -> InputFields:
    """Unpack an input of a row. A named tuple would take longer to make."""
    return packed >> BUTTONS_SHIFT, (packed >> AIM_SHIFT) & AIM_MAX, packed & 0xFF


def _clamped(margin: i64) -> i64:
    if margin > MARGIN_LIMIT:
        return MARGIN_LIMIT
    return -MARGIN_LIMIT if margin < -MARGIN_LIMIT else margin
