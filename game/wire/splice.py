"""The newest view against one base: what all seats share of it, and what one of them sees.

Owns: which sections a message has, and what of a view is encoded once. Must not know: which bases
seats have, heads of messages. Invariant: what is written is what `snapshot.py` describes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from librt.strings import BytesWriter
from librt.vecs import append, vec
from mypy_extensions import i64

from game.bits import places
from game.events import Event
from game.fog import Cut, Fog
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
    put_array_head,
)

EVENTS_MAX: Final = 256
NOWHERE: Final = -1  # in place of a place


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
        self._events: dict[Event, Run] = {}

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
            number = self.fog.shot_numbers[place]
            self.changes.of_shot(self.fog.view.shots[number], NO_SHOT, 0)
            run = self._shots[place] = self.changes.run(number)
        return run

    def pad(self, index: int) -> Run:
        """A pad that comes into sight."""
        return _new_pad(index, self.fog.view.pads[index])

    def event(self, event: Event) -> Run:
        """Something that happened, now or while this seat was skipped."""
        run = self._events.get(event)
        if run is None:
            run = self._events[event] = deltas.run_of([len(event), *event])
        return run


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
        self._shots_was = vec[i64]()
        if self._numbers or self._numbers_was:
            self._pair_shots(ticks)

    def _pair_shots(self, ticks: int) -> None:
        """Find each shot of one view in the other; both have them in the same order."""
        shots, shots_was = self.newest.fog.view.shots, self.base.view.shots
        changes, numbers_was = self.newest.changes, self._numbers_was
        place_was, count_was = 0, len(numbers_was)
        for place, number in enumerate(self._numbers):
            while place_was < count_was and numbers_was[place_was] < number:
                place_was += 1
            if place_was == count_was or numbers_was[place_was] != number:
                self._shots_was = append(self._shots_was, NOWHERE)
                continue
            self._shots_was = append(self._shots_was, place_was)
            if changes.of_shot(shots[number], shots_was[number], ticks):
                self._shots[place] = changes.run(number)

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
        """Append what a seat sees."""
        newest, base = self.newest.fog, self.base
        now, was = newest.cut(slot), base.cut(slot)
        is_open = now is newest.everything and was is base.everything
        if is_open and self._open_sight:
            out.write(self._open_sight)
            return
        start = len(out)
        # Bodies that did not move as predicted, and bodies that came into sight.
        turned, came = places(now.bodies & was.bodies & self._moved), now.bodies & ~was.bodies
        others = self._others_told(slot, now, was)
        if len(turned) or came or others:
            put_array_head(out, 1 + len(others))
            self._put_bodies(turned, places(came), out)
            for section in others:
                out.write(section)
        else:
            put_array_head(out, 0)
        if is_open:
            self._open_sight = out.getvalue()[start:]

    def _put_bodies(self, turned: "vec[i64]", came: "vec[i64]", out: BytesWriter) -> None:
        """Append the section of bodies."""
        newest, moves, sizes = self.newest, self._moves, self._move_sizes
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

    def _others_told(self, slot: int, now: Cut, was: Cut) -> list[bytes]:
        """The sections behind that of bodies, without the empty ones at the end."""
        hidden = was.bodies & ~now.bodies
        has_shots = now.shots != 0 or was.shots != 0
        has_pads = now.pads != was.pads or bool(self._pads)
        if not hidden and not has_shots and not has_pads and not self.happened:
            return []  # most of the time
        shots = gone = events = pads = unseen = EMPTY
        if has_shots:
            shots, gone = self._fly(now.shots, was.shots)
        if self.happened:
            events = self._told(slot)
        if has_pads:
            pads, unseen = self._stock(now.pads, was.pads)
        left = deltas.integers(places(hidden)) if hidden else EMPTY
        sections = [shots, events, gone, left, pads, unseen]
        while sections and sections[-1] == EMPTY:
            sections.pop()
        return sections

    def _fly(self, now: int, was: int) -> tuple[bytes, bytes]:
        """The sections of shots and of those gone."""
        runs: list[Run] = []
        gone = vec[i64]()
        # Both views have their shots in the same order, so both are walked through once.
        seen, seen_before = places(now), places(was)
        ahead: i64 = 0
        at: i64 = 0
        while at < len(seen):
            place = seen[at]
            place_was = self._shots_was[place]
            at += 1
            while ahead < len(seen_before) and seen_before[ahead] < place_was:
                gone = append(gone, self._numbers_was[seen_before[ahead]])
                ahead += 1
            if ahead < len(seen_before) and seen_before[ahead] == place_was:
                ahead += 1
                turned = self._shots[place]
                if turned is not None:
                    runs.append(turned)
            else:
                runs.append(self.newest.shot(place))
        while ahead < len(seen_before):
            gone = append(gone, self._numbers_was[seen_before[ahead]])
            ahead += 1
        return (
            deltas.array(runs) if runs else EMPTY,
            deltas.integers(gone) if len(gone) else EMPTY,
        )

    def _stock(self, now: int, was: int) -> tuple[bytes, bytes]:
        """The sections of pads and of those unseen."""
        came, left = now & ~was, was & ~now
        for changed in self._pads:
            came |= now & was & 1 << changed
        runs: list[Run] = []
        for place in places(came):
            index: int = place
            runs.append(self._pads[index] if was >> index & 1 else self.newest.pad(index))
        return deltas.array(runs) if runs else EMPTY, _indices(left) if left else EMPTY

    def _told(self, slot: int) -> bytes:
        """The section of events: what a seat was told of in each view, the oldest dropped."""
        told: list[Event] = []
        for past in self.happened:
            told += past.events(slot)
        if len(told) > EVENTS_MAX:
            told = told[-EVENTS_MAX:]
        return deltas.array([self.newest.event(event) for event in told]) if told else EMPTY


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


@lru_cache(maxsize=1_024)
def _indices(bits: int) -> bytes:
    """The places of the bits that are set, ascending, encoded."""
    return deltas.integers(places(bits))
