"""Values for every kind of field, right and wrong, and views that follow each other."""

from random import Random
from typing import Any

from attrs import define, field
from hypothesis import strategies as st

from game.events import EVENT_FIELDS
from game.view import BODY_FIELDS, CARD_FIELDS, OWN_FIELDS, View
from game.visibility import Visibility
from game.wire.messages import Bytes, Int, Integers, Kind, Message, Packed, Rows, Sections, Text

INT64 = st.integers(-(2**63), 2**63 - 1)


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """What the table allows."""
    match kind:
        case Int(low, high):
            return st.integers(low, high)
        case Text(most):
            return st.text(max_size=most)
        case Bytes(most, least):
            return st.binary(min_size=least, max_size=most)
        case Rows(most, fields):
            row = st.tuples(*[values(cell) for _, cell in fields])
            return st.lists(row, max_size=min(most, 5)).map(tuple)
        case Packed(most, fields, least):
            group = st.tuples(*[values(cell) for _, cell in fields])
            groups = st.lists(group, min_size=least, max_size=most)
            return groups.map(lambda found: tuple(cell for group in found for cell in group))
        case Integers():
            return st.lists(INT64, max_size=20).map(tuple)
        case Sections():
            return st.lists(st.lists(INT64, max_size=8).map(tuple), max_size=7).map(tuple)


def fields_of(message: Message) -> st.SearchStrategy[tuple[Any, ...]]:
    """All fields of a message."""
    return st.tuples(*[values(kind) for _, kind in message.fields])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | INT64 | st.text(max_size=60) | st.binary(max_size=60),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)

SPEED = st.integers(-600, 600)
PLACE = st.integers(0, 200_000)
SMALL = st.integers(-3, 400)
PUBLIC_TILE = 1 << 60
MAP_TILES = 196  # along each side: as far as PLACE goes
KINDS, SPOTS = 97, 89  # of tiles to look from, and of tiles to look at


def bodies() -> st.SearchStrategy[tuple[int, ...]]:
    """A body's record."""
    rest = [SMALL] * (len(BODY_FIELDS) - 4)
    return st.tuples(PLACE, PLACE, SPEED, SPEED, *rest)


def cards() -> st.SearchStrategy[tuple[int, ...]]:
    """A card: status, figures, place, team and vote."""
    figures = [SMALL] * (len(CARD_FIELDS) - 3)
    return st.tuples(SMALL, *figures, st.integers(0, 2), SMALL)


@define
class MoonlitRow:
    """What is seen from one tile. Predicted places may lie far off the map; they get an answer."""

    pattern: bytes

    def __getitem__(self, tile: int) -> int:
        if tile == PUBLIC_TILE:
            return 1
        return self.pattern[tile % len(self.pattern)] if tile else 0


@define(eq=False)
class Moonlight(Visibility):
    """Tiles see each other, or do not, as chance wills it; nobody sees the tile of nobody."""

    percent: int = 50
    patterns: dict[int, bytes] = field(factory=dict)

    @property
    def public_tile(self) -> int:
        return PUBLIC_TILE

    def row(self, tile: int) -> bytes:
        """One of a few kinds of rows, always the same for a tile."""
        kind = tile % KINDS if tile else KINDS
        if kind not in self.patterns:
            dice = Random(kind * 101 + self.percent)
            chances = [tile and dice.randrange(100) < self.percent for _ in range(SPOTS)]
            self.patterns[kind] = bytes(map(int, chances))
        return MoonlitRow(self.patterns[kind])  # type: ignore[return-value]


def events() -> st.SearchStrategy[tuple[int, ...]]:
    """Any event of the table."""
    return st.sampled_from(sorted(EVENT_FIELDS)).flatmap(
        lambda kind: st.tuples(st.just(int(kind)), *[PLACE] * len(EVENT_FIELDS[kind]))
    )


@st.composite
def histories(draw: st.DrawFn, length_max: int = 12) -> list[View]:
    """Views one after the other: some entities as predicted, some changed, some come, some go."""
    pads_count = draw(st.integers(0, 4))
    teams_count = draw(st.sampled_from((0, 2)))
    tick = draw(st.integers(1, 10_000))
    pads = dict.fromkeys(range(pads_count), (0,))
    view = View(tick, {}, {}, {}, pads, (0, 0, -1, 2), {}, [])
    percent = draw(st.sampled_from((0, 40, 80, 100)))
    moonlight = Moonlight(MAP_TILES, MAP_TILES, {}, percent=percent) if percent else None
    views = []
    for _ in range(draw(st.integers(1, length_max))):
        ticks = draw(st.integers(1, 20))
        view = View(
            tick=view.tick + ticks,
            cards={},
            bodies=_churned(draw, view.bodies, ticks, st.integers(0, 127), bodies()),
            shots=_churned(draw, view.shots, ticks, PLACE, st.tuples(PLACE, PLACE, *[SPEED] * 3)),
            pads={pad: (draw(st.sampled_from((*ready, 900))),) for pad, ready in view.pads.items()},
            match=draw(st.just(view.match) | st.tuples(*[SMALL] * 4)),
            own={},
            events=draw(st.lists(events(), max_size=3)),
            teams={team: (draw(SMALL),) for team in range(1, teams_count + 1)},
            flags={team: draw(st.tuples(*[SMALL] * 4)) for team in range(1, teams_count + 1)},
            circle=draw(st.just(view.circle) | st.tuples(*[PLACE] * 8)),
            visibility=moonlight,
        )
        for slot in view.bodies:
            known = views[-1].cards.get(slot) if views else None
            view.cards[slot] = draw(st.just(known or (0,) * len(CARD_FIELDS)) | cards())
        owns = st.just((0,) * len(OWN_FIELDS)) | st.tuples(*[SMALL] * len(OWN_FIELDS))
        view.own.update({slot: draw(owns) for slot in view.bodies})
        views.append(view)
    return views


def _churned(
    draw: st.DrawFn,
    records: dict[int, tuple[int, ...]],
    ticks: int,
    keys: st.SearchStrategy[int],
    fresh: st.SearchStrategy[tuple[int, ...]],
) -> dict[int, tuple[int, ...]]:
    after = {}
    for key, (x, y, vx, vy, *rest) in records.items():
        predicted = (x + ticks * vx, y + ticks * vy, vx, vy, *rest)
        fate = draw(st.sampled_from(("as predicted", "as predicted", "anew", "gone")))
        if fate != "gone":
            after[key] = predicted if fate == "as predicted" else draw(fresh)
    zeros = fresh.map(lambda record: (0,) * len(record))
    after.update(draw(st.dictionaries(keys, fresh | zeros, max_size=3)))
    return dict(sorted(after.items()))
