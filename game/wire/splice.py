"""The newest view against one base: what all seats share of it, and what one of them sees.

Owns: which sections a message has, and what of a view is encoded once. Must not know: which bases
seats have, heads of messages. Invariant: what is written is what `snapshot.py` describes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from librt.strings import BytesWriter
from librt.vecs import vec
from mypy_extensions import i64, u8

from game.bits import set_bits
from game.fog import Cut, Fog, SeenEvent
from game.view import View
from game.wire import deltas
from game.wire.deltas import (
    EMPTY,
    NO_BODY,
    NO_CARD,
    NO_OWN,
    NO_SHOT,
    Changes,
    Row,
    Rows,
    Run,
    put,
    put_array_head,
)

EVENTS_MAX: Final = 256
NOWHERE: Final = -1  # in place of a place
_ARRAY: Final = 0x80  # RFC 8949, section 3.1; the number of items is added to it
# The sections of what a seat sees, behind that of bodies: see `snapshot.py`.
_SHOTS: Final = 1
_EVENTS: Final = 2
_GONE: Final = 3
_HIDDEN: Final = 4
_PADS: Final = 5
_SECTIONS: Final = 7


class Newest:
    """The view that is being written, and what all bases share of it: entities that come into
    sight, and events.
    """

    def __init__(self, fog: Fog) -> None:
        """Nothing is encoded before it is asked for."""
        self.fog = fog
        self.changes = Changes()  # the same for all that is compared, one after the other
        self._bodies: list[Run | None] = [None] * fog.slot_count  # by slot
        self._shots: list[Run | None] = [None] * len(fog.shot_numbers)  # as these

    def body(self, slot: i64) -> Run:
        """A body that comes into sight."""
        run = self._bodies[slot]
        if run is None:
            self.changes.of_body(self.fog.view.bodies[slot], NO_BODY, 0)
            run = self._bodies[slot] = self.changes.run(slot)
        return run

    def shot(self, place: i64) -> Run:
        """A shot that comes into sight, by its place in `Fog.shot_numbers`."""
        run = self._shots[place]
        if run is None:
            self.changes.of_shot(self.fog.flights[place], NO_SHOT, 0)
            run = self._shots[place] = self.changes.run(self.fog.shot_numbers[place])
        return run

    def pad(self, index: int) -> Run:
        """A pad that comes into sight."""
        return _new_pad(index, self.fog.view.pads[index])


class Splice:
    """The newest view against one base: what all seats share, and the pieces of what differs.

    A piece is a run of encoded integers. `_moved` has a bit for each body that did not move as
    predicted; `_moves` and `_shots` have the pieces of such bodies and shots, and `_move_sizes` how
    many integers they are. `_shots_was` has for each shot its place among those of the base, or
    NOWHERE.
    """

    def __init__(
        self, newest: Newest, base: Fog, ticks: int, head: bytes, happened: Sequence[Fog]
    ) -> None:
        """Encode what everybody gets, and what moved otherwise than predicted."""
        view, before = newest.fog.view, base.view
        self.newest = newest
        self.base = base
        self.head = head  # of the message, up to `ticks`
        self.happened = happened  # the views since the base that may have events
        self.state = _state(view, before, newest.changes)
        self._open_sight = b""  # of those who see everything
        self._pads: dict[int, Run] = {}  # those that are not as they were, by index
        if view.pads is not before.pads:
            for index, pad in view.pads.items():
                old = before.pads.get(index)
                if old is not None and pad != old:
                    self._pads[index] = deltas.run_of([index, *deltas.difference(pad, old)])
        changes = newest.changes
        self._moved = 0
        self._moves = [b""] * newest.fog.slot_count  # the pieces of `_moved`, by slot
        self._move_sizes: vec[i64] = vec[i64]([0] * newest.fog.slot_count)
        bodies, bodies_were = view.bodies.rows, before.bodies.rows
        for slot in range(min(len(bodies), len(bodies_were))):
            body, was = bodies[slot], bodies_were[slot]
            if body is None or was is None:
                continue
            if changes.of_body(body, was, ticks):
                self._moves[slot] = changes.encoded(slot)
                self._move_sizes[slot] = changes.size
                self._moved |= 1 << slot
        self._numbers, self._numbers_was = newest.fog.shot_numbers, base.shot_numbers
        self._shots: list[Run | None] = [None] * len(self._numbers)  # those that turned
        self._shots_was: vec[i64] = vec[i64]([NOWHERE] * len(self._numbers))
        self._gone: vec[i64] = vec[i64]([0] * len(self._numbers_was))  # set by `_put_shots`
        self._gone_count: i64 = 0  # of these
        if self._numbers and self._numbers_was:
            self._pair_shots(ticks)

    def _pair_shots(self, ticks: int) -> None:
        """Find each shot of one view in the other; both list them in the same order."""
        flights, flights_were = self.newest.fog.flights, self.base.flights
        changes, numbers, numbers_was = self.newest.changes, self._numbers, self._numbers_was
        place: i64 = 0
        place_was: i64 = 0
        while place < len(numbers) and place_was < len(numbers_was):
            number, number_was = numbers[place], numbers_was[place_was]
            if number_was < number:
                place_was += 1
                continue
            if number_was == number:
                self._shots_was[place] = place_was
                if changes.of_shot(flights[place], flights_were[place_was], ticks):
                    self._shots[place] = changes.run(number)
                place_was += 1
            place += 1

    def put_own(self, slot: int, out: BytesWriter) -> None:
        """Append the section that only this seat gets."""
        now = self.newest.fog.view.own.get(slot)
        was = self.base.view.own.get(slot)
        changes = self.newest.changes
        if changes.of_own(NO_OWN if now is None else now, NO_OWN if was is None else was):
            changes.put_array(out)
        else:
            put_array_head(out, 0)

    def put_sight(self, slot: int, out: BytesWriter) -> None:
        """Append what a seat sees: an array of sections, without the empty ones at the end."""
        newest, base = self.newest.fog, self.base
        now, was = newest.cut(slot), base.cut(slot)
        is_open = now is newest.everything and was is base.everything
        if is_open and self._open_sight:
            out.write(self._open_sight)
            return
        start = len(out)
        out.append(_ARRAY)  # its head, of one byte: set when the last section is known
        kept: i64 = 1 if self._put_bodies(now.bodies, was.bodies, out) else 0
        end = len(out)
        if self._has_more(now, was):
            for section in range(1, _SECTIONS):
                if self._put_section(section, slot, now, was, out):
                    kept = section + 1
                    end = len(out)
        out.truncate(end if kept else start + 1)
        out[start] = u8(_ARRAY | kept)
        if is_open:
            self._open_sight = out.getvalue()[start:]

    def _has_more(self, now: Cut, was: Cut) -> bool:
        """Whether there may be sections behind that of bodies; most of the time there are none."""
        return (
            bool(self.happened)
            or now.shots != 0
            or was.shots != 0
            or now.pads != was.pads
            or bool(self._pads)
            or was.bodies & ~now.bodies != 0
        )

    def _put_section(self, section: i64, slot: int, now: Cut, was: Cut, out: BytesWriter) -> bool:
        """Append a section behind that of bodies, in the order of `snapshot.py`; whether it has
        anything in it.
        """
        if section == _SHOTS:
            return self._put_shots(now.shots, was.shots, out)
        if section == _EVENTS:
            return self._put_events(slot, out)
        if section == _GONE:
            return self._put_gone(out)
        if section == _HIDDEN:
            return _put_indices(was.bodies & ~now.bodies, out)
        if section == _PADS:
            return self._put_pads(now.pads, was.pads, out)
        return _put_indices(was.pads & ~now.pads, out)

    def _put_bodies(self, now: int, was: int, out: BytesWriter) -> bool:
        """Append bodies that did not move as predicted, and bodies that came into sight."""
        newest, moves, sizes = self.newest, self._moves, self._move_sizes
        turned, came = set_bits(now & was & self._moved), set_bits(now & ~was)
        count: i64 = 0
        at: i64 = 0
        while at < len(turned):
            count += sizes[turned[at]]
            at += 1
        at = 0
        while at < len(came):
            count += newest.body(came[at]).count
            at += 1
        put_array_head(out, count)
        at = 0
        while at < len(turned):
            out.write(moves[turned[at]])
            at += 1
        at = 0
        while at < len(came):
            out.write(newest.body(came[at]).encoded)
            at += 1
        return count != 0

    def _put_shots(self, now: int, was: int, out: BytesWriter) -> bool:
        """Append the section of shots, and note those gone."""
        runs: list[Run] = []
        gone, numbers_was = self._gone, self._numbers_was
        gone_count: i64 = 0
        # Both views list their shots in the same order, so one pass goes over both.
        seen, seen_before = set_bits(now), set_bits(was)
        ahead: i64 = 0
        at: i64 = 0
        while at < len(seen):
            place = seen[at]
            place_was = self._shots_was[place]
            at += 1
            while ahead < len(seen_before) and seen_before[ahead] < place_was:
                gone[gone_count] = numbers_was[seen_before[ahead]]
                gone_count += 1
                ahead += 1
            if ahead < len(seen_before) and seen_before[ahead] == place_was:
                ahead += 1
                turned = self._shots[place]
                if turned is not None:
                    runs.append(turned)
            else:
                runs.append(self.newest.shot(place))
        while ahead < len(seen_before):
            gone[gone_count] = numbers_was[seen_before[ahead]]
            gone_count += 1
            ahead += 1
        self._gone_count = gone_count
        deltas.put_runs(out, runs)
        return len(runs) != 0

    def _put_gone(self, out: BytesWriter) -> bool:
        """Append the shots that `_put_shots` did not find any more."""
        put_array_head(out, self._gone_count)
        at: i64 = 0
        while at < self._gone_count:
            put(out, self._gone[at])
            at += 1
        return self._gone_count != 0

    def _put_pads(self, now: int, was: int, out: BytesWriter) -> bool:
        """Append pads that came into sight, or changed in sight."""
        came = now & ~was
        for changed in self._pads:
            came |= now & was & 1 << changed
        runs: list[Run] = []
        for place in set_bits(came):
            index: int = place
            runs.append(self._pads[index] if was >> index & 1 else self.newest.pad(index))
        deltas.put_runs(out, runs)
        return len(runs) != 0

    def _put_events(self, slot: int, out: BytesWriter) -> bool:
        """Append what the seat is told of each view since the base; the oldest are dropped."""
        told: list[SeenEvent] = []
        for past in self.happened:
            told += past.events(slot)
        if len(told) > EVENTS_MAX:
            told = told[-EVENTS_MAX:]
        count: i64 = 0
        for seen in told:
            if not seen.encoded:
                run = deltas.run_of([len(seen.event), *seen.event])
                seen.encoded, seen.size = run.encoded, run.count
            count += seen.size
        put_array_head(out, count)
        for seen in told:
            out.write(seen.encoded)
        return count != 0


def _state(view: View, base: View, changes: Changes) -> bytes:
    cards: list[Run] = []
    left: list[int] = []
    if view.cards is not base.cards:
        for slot, card in view.cards.items():
            was = base.cards.get(slot)
            if changes.of_card(card, NO_CARD if was is None else was) or was is None:
                cards.append(changes.run(slot))
        left = [slot for slot in base.cards if slot not in view.cards]
    if not cards and not left and _is_same(view, base):
        return EMPTY  # nearly always, where nobody shoots
    return deltas.arrays(
        [
            deltas.array(cards),
            _changed(view.match, base.match),
            deltas.array_of(left),
            _rows(view.teams, base.teams),
            _rows(view.flags, base.flags),
            _changed(view.circle, base.circle),
        ]
    )


def _is_same(view: View, base: View) -> bool:
    return (
        view.match == base.match
        and view.teams == base.teams
        and view.flags == base.flags
        and view.circle == base.circle
    )


def _changed(now: Row, was: Row) -> bytes:
    """The section of a single record."""
    return EMPTY if now == was else deltas.array_of(deltas.difference(now, was))


def _rows(now: Rows, was: Rows) -> bytes:
    """The section of teams or flags, which never go away within a round."""
    return EMPTY if now == was else deltas.array_of(deltas.resting(now, was))


@lru_cache(maxsize=1_024)  # players who run see the same few pads come and go
def _new_pad(index: int, pad: tuple[int, ...]) -> Run:
    return deltas.run_of([index, *deltas.difference(pad, (0,) * len(pad))])


def _put_indices(bits: int, out: BytesWriter) -> bool:
    """Append the places of the bits that are set, ascending; whether there are any."""
    found = set_bits(bits)
    put_array_head(out, len(found))
    at: i64 = 0
    while at < len(found):
        put(out, found[at])
        at += 1
    return len(found) != 0
