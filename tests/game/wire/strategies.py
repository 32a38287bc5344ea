"""Values for every kind of field, right and wrong, and views that follow each other."""

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from game.events import EVENT_FIELDS
from game.records import BODY_FIELDS, CARD_FIELDS, Body, Card, Flight, Own, by_slot
from game.sightlines import REACH_TILES
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.view import View, nothing
from game.visibility import Tiles, Visibility
from game.wire.schema import (
    Bytes,
    Field,
    Int,
    Integers,
    Kind,
    Message,
    Packed,
    Rows,
    Sections,
    Text,
)
from tests.strategies import centre

Moving = TypeVar("Moving", Body, Flight)

INT64 = st.integers(-(2**63), 2**63 - 1)


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """Values that the table allows."""
    match kind:
        case Int(low, high):
            return st.integers(low, high)
        case Text(most):
            return st.text(max_size=most)
        case Bytes(most, least):
            return st.binary(min_size=least, max_size=most)
        case Rows(most, fields, row):
            return st.lists(_built(row, fields), max_size=min(most, 5)).map(tuple)
        case Packed(most, fields, least, row):
            return st.lists(_built(row, fields), min_size=least, max_size=most).map(tuple)
        case Integers():
            return st.lists(INT64, max_size=20).map(tuple)
        case Sections():
            return st.lists(st.lists(INT64, max_size=8).map(tuple), max_size=7).map(tuple)


def _built(row: type, fields: tuple[Field, ...]) -> st.SearchStrategy[Any]:
    return st.builds(row, *[values(kind) for _, kind in fields])


def messages(made: type[Message]) -> st.SearchStrategy[Message]:
    """Messages of a class."""
    return _built(made, made.spec.fields)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | INT64 | st.text(max_size=60) | st.binary(max_size=60),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)

SPEED = st.integers(-600, 600)
PLACE = st.integers(0, 200_000)
SMALL = st.integers(-3, 400)
MAP_WIDTH, MAP_HEIGHT = 24, 80  # in tiles: most see each other's height, and y takes up to 17 bits
X = st.integers(0, MAP_WIDTH * TILE_UNITS - 1)
Y = st.integers(0, MAP_HEIGHT * TILE_UNITS - 1)
KINDS = 97  # of tiles to look from
SIDE = 2 * REACH_TILES + 1


def bodies() -> st.SearchStrategy[Body]:
    """A body's record."""
    rest = [SMALL] * (len(BODY_FIELDS) - 4)
    return st.tuples(X, Y, SPEED, SPEED, *rest).map(Body.of)


def shots() -> st.SearchStrategy[Flight]:
    """A shot's record."""
    return st.tuples(X, Y, *[SPEED] * 3).map(Flight.of)


def cards() -> st.SearchStrategy[Card]:
    """A card: status, figures, place, team and vote."""
    figures = [SMALL] * (len(CARD_FIELDS) - 3)
    return st.tuples(SMALL, *figures, st.integers(0, 2), SMALL).map(Card.of)


class Moonlight(dict[int, bytes]):
    """By tile, what is seen from there: as chance wills it; nobody sees the tile of nobody."""

    def __init__(self, percent: int) -> None:
        super().__init__()
        self.percent = percent
        self.patterns: dict[int, int] = {}

    def get(self, tile: int, _default: object = None) -> bytes:
        """One of a few kinds, always the same for a tile."""
        y, x = divmod(tile, MAP_WIDTH)
        pattern = self._pattern(tile % KINDS) if tile else 0
        if 0 <= x <= REACH_TILES and 0 <= y <= REACH_TILES:  # what is up there has a high bit
            pattern &= ~(1 << (y + REACH_TILES) * SIDE + x + REACH_TILES)
        return pattern.to_bytes((SIDE * SIDE + 7) // 8, "little")

    def _pattern(self, kind: int) -> int:
        if kind not in self.patterns:
            dice = Random(kind * 101 + self.percent)
            lit = [dice.randrange(100) < self.percent for _ in range(SIDE * SIDE)]
            self.patterns[kind] = int("".join("01"[bit] for bit in lit), 2)
        return self.patterns[kind]


@cache
def _moonlight(percent: int) -> Moonlight:
    return Moonlight(percent)


def moonlit(percent: int, pads: Tiles) -> Visibility:
    """A random visibility between tiles."""
    return Visibility(MAP_WIDTH, MAP_HEIGHT, pads, _moonlight(percent))


FIELDS = {"x": X, "x2": X, "y": Y, "y2": Y}
SLOT = st.integers(0, 127)


def events() -> st.SearchStrategy[tuple[int, ...]]:
    """Any event of the table, somewhere on the map."""
    return st.sampled_from(sorted(EVENT_FIELDS)).flatmap(
        lambda kind: st.tuples(
            st.just(int(kind)),
            *[FIELDS.get(name, SLOT | PLACE) for name in EVENT_FIELDS[kind]],
        )
    )


@st.composite
def histories(draw: st.DrawFn, length_max: int = 12) -> list[View]:
    """Views one after the other: some entities as predicted, some changed, some come, some go."""
    pads_count = draw(st.integers(0, 4))
    teams_count = draw(st.sampled_from((0, 2)))
    tick = draw(st.integers(1, 10_000))
    pads = dict.fromkeys(range(pads_count), (0,))
    columns, rows = st.integers(0, MAP_WIDTH - 1), st.integers(0, MAP_HEIGHT - 1)
    tiles = Tiles()
    for _ in range(pads_count):
        tiles.add(centre(draw(columns)), centre(draw(rows)))
    view = replace(nothing(), tick=tick, pads=pads, match=(0, 0, -1, 2))
    percent = draw(st.sampled_from((0, 40, 80, 100)))
    moonlight = moonlit(percent, tiles) if percent else None
    views = []
    for _ in range(draw(st.integers(1, length_max))):
        ticks = draw(st.integers(1, 20))
        moving = _churned(draw, dict(view.bodies.items()), ticks, st.integers(0, 127), bodies())
        known = {slot: view.cards.get(slot) or Card() for slot in moving}
        owns = st.just(Own()) | st.tuples(*[SMALL] * len(Own.FIELDS)).map(Own.of)
        view = View(
            tick=view.tick + ticks,
            cards=by_slot({slot: draw(st.just(card) | cards()) for slot, card in known.items()}),
            bodies=by_slot(moving),
            shots=_churned(
                draw, view.shots, ticks, PLACE, st.tuples(X, Y, *[SPEED] * 3).map(Flight.of)
            ),
            pads={pad: (draw(st.sampled_from((*ready, 900))),) for pad, ready in view.pads.items()},
            match=draw(st.just(view.match) | st.tuples(*[SMALL] * 4)),
            own=by_slot({slot: draw(owns) for slot in moving}),
            events=draw(st.lists(events(), max_size=3)),
            teams={team: (draw(SMALL),) for team in range(1, teams_count + 1)},
            flags={team: draw(st.tuples(*[SMALL] * 4)) for team in range(1, teams_count + 1)},
            circle=draw(st.just(view.circle) | st.tuples(*[PLACE] * 8)),
            visibility=moonlight,
        )
        views.append(view)
    return views


def _churned(
    draw: st.DrawFn,
    records: dict[int, Moving],
    ticks: int,
    keys: st.SearchStrategy[int],
    fresh: st.SearchStrategy[Moving],
) -> dict[int, Moving]:
    after = {}
    for key, record in records.items():
        x, y, vx, vy, *rest = record.values()
        predicted = type(record).of((x + ticks * vx, y + ticks * vy, vx, vy, *rest))
        fate = draw(st.sampled_from(("as predicted", "as predicted", "anew", "gone")))
        column, row = predicted.x >> TILE_SHIFT, predicted.y >> TILE_SHIFT
        if not (0 <= column < MAP_WIDTH and 0 <= row < MAP_HEIGHT):
            fate = "anew"
        if fate != "gone":
            after[key] = predicted if fate == "as predicted" else draw(fresh)
    zeros = fresh.map(lambda record: type(record)())
    after.update(draw(st.dictionaries(keys, fresh | zeros, max_size=3)))
    return dict(sorted(after.items()))
