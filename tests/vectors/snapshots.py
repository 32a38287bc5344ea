"""Sequences of snapshot messages and the views that a receiver must have after each."""

from collections.abc import Mapping
from typing import Any

from game.events import NO_WEAPON, EventKind
from game.fog import Fog
from game.records import Body, Card, Flight, Own, by_slot
from game.view import View
from game.visibility import visibility_of
from game.wire.snapshot import SnapshotWriter
from tests.strategies import arena_from, centre, with_pads

CARD = (131, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1)
BODY = (1_024, 2_048, 111, -78, 200, 1, 100, 0)
FLAG_LIVES = ((50_000, 8_000, 3, 0), (44_000, 9_000, -2, 2_000), (50_000, 8_000, -1, 0))
CIRCLE = (80_000, 60_000, 100_000, 70_000, 65_000, 70_000)
# Slot 3 stands to the left of the wall; slot 0 comes down behind it, and slot 1 stays there.
BEHIND_A_WALL = "\n".join(
    ["#" * 34, *["#" + "." * 9 + "#" + "." * 22 + "#"] * 13, *["#" + "." * 32 + "#"] * 7, "#" * 34]
)
PADS = ((5, 8), (20, 3), (20, 12))  # two of them behind the wall
OWN = (0, 90, 0, 0, 0, 6, 0, 0, 0, 90, 0, 0, 7, 3)


def snapshots() -> dict[str, Any]:
    """Each sequence is one connection: `slot` selects the own part that it gets (-1: spectator)."""
    views = _views()
    seen: dict[str, list[tuple[int, str | None]]] = {
        "everything": [(views[0].tick, None), *((view.tick, "last") for view in views[1:])],
        "skipped": [(views[0].tick, None), (views[3].tick, "last"), (views[5].tick, "last")],
        "forgotten": [(views[0].tick, None), (views[-1].tick, None)],
    }
    return {
        "sequences": [
            {"name": name, "slot": slot, "messages": _sequence(views, dict(steps), slot)}
            for name, steps in seen.items()
            for slot in (3, -1)
        ]
        + [_through_fog(slot) for slot in (3, 0, -1)]
    }


def _through_fog(slot: int) -> dict[str, Any]:
    """A player comes into sight, acts in and out of it, and leaves."""
    views = _foggy_views()
    steps: dict[int, str | None] = {view.tick: "last" for view in views if view.tick != 1_010}
    steps[views[0].tick] = None
    return {"name": "through fog", "slot": slot, "messages": _sequence(views, steps, slot)}


def _sequence(
    views: list[View], steps: Mapping[int, str | None], slot: int
) -> list[dict[str, Any]]:
    writer = SnapshotWriter(64)
    base: int | None = None
    messages = []
    for view in views:
        writer.push(view)
        if view.tick not in steps:
            continue
        base = base if steps[view.tick] == "last" else None
        encoded = writer.message(slot, base, view.tick % 5 - 2)
        past = [view] if base is None else [v for v in views if base < v.tick <= view.tick]
        events = [event for v in past for event in Fog(v).seen_by(slot).events]
        seen = Fog(view).seen_by(slot)
        messages.append({"hex": encoded.hex(), "view": plain(seen, slot, events)})
        base = view.tick
    return messages


def plain(view: View, slot: int, events: list[tuple[int, ...]]) -> dict[str, Any]:
    """A view as lists, with the own part of `slot`; without one for -1."""
    return {
        "tick": view.tick,
        "cards": [[key, *card.values()] for key, card in view.cards.items()],
        "bodies": [[key, *body.values()] for key, body in view.bodies.items()],
        "shots": [[key, *shot.values()] for key, shot in view.shots.items()],
        "pads": [[key, *record] for key, record in view.pads.items()],
        "match": list(view.match),
        "own": list(view.own[slot].values()) if slot >= 0 else [],
        "events": [list(event) for event in events],
        "teams": [[key, *record] for key, record in view.teams.items()],
        "flags": [[key, *record] for key, record in view.flags.items()],
        "circle": list(view.circle),
    }


def _views() -> list[View]:
    """Joining, leaving, running as predicted, turning, shooting, and numbers of every size."""
    views = []
    for index in range(8):
        tick = 1_000 + 2 * index
        x, y = 1_024 + 222 * index, 2_048 - 156 * index
        bodies = {3: (x, y, *BODY[2:4], 200 + 7 * index, *BODY[5:])}
        cards = {3: CARD}
        if index >= 1:
            bodies[0] = (5_000, 5_000 - 3 * index, 0, 0, 255, 67, 100 - 12 * index, 50)
            cards[0] = (195, index // 2, *CARD[2:])
        if index not in (4, 5):
            bodies[127] = (-300_000, 2**31, -600, 600, 0, 1_025, 200, 100)
            cards[127] = (128, -3, *range(40, 46), 0, 0, -1)
        shots: dict[int, tuple[int, ...]] = {}
        if index >= 2:
            shots[70_000] = (9_000 + 614 * index, 9_000, 307, 0, 24)
        if index in (3, 4):
            shots[70_001] = (100, 200 + index, 0, -188, 1_018)
        events: list[list[tuple[int, ...]]] = [
            [],
            [(5, 0, 5_000, 5_000)],
            [(13, 3, 0)],
            [],
            [(3, 0, 3, 0, 12, 5_000, 5_000), (14, 0)],
        ]
        views.append(
            View(
                tick=tick,
                cards=by_slot({slot: Card.of(card) for slot, card in cards.items()}),
                bodies=by_slot({slot: Body.of(body) for slot, body in bodies.items()}),
                shots={number: Flight.of(shot) for number, shot in shots.items()},
                pads={0: (0,), 1: (0 if index < 6 else 2_900,)},
                match=(0 if index < 2 else 2, 0 if index < 2 else 30_000, -1, 2),
                own=by_slot(
                    dict.fromkeys(bodies, Own.of((*OWN[:1], 90 + 60 * (index // 3), *OWN[2:])))
                ),
                events=list(events[index % 5]),
                teams={1: (index // 3,), 2: (0,)} if index else {},
                flags={1: (9_000, 8_000, -1, 0), 2: FLAG_LIVES[index % 3]} if index else {},
                circle=(0,) * 8 if index < 3 else (*CIRCLE[:6], *[tick + 60, tick + 300]),
            )
        )
    return views


def _foggy_views() -> list[View]:
    visibility = visibility_of(with_pads(arena_from(BEHIND_A_WALL), PADS))
    views = []
    for index in range(14):
        row = index * 2 if index < 10 else 32 - index * 2
        x, y = centre(20), centre(1) + row * 1_000
        bodies = {
            0: (x, y, 0, 500 if index < 9 else -500, 3 * index, 1, 100, 0),
            1: (centre(30), centre(2), 0, 0, 0, 1, 40, 0),
            3: (centre(3), centre(10), 0, 0, 0, 1, 100, 0),
        }
        shots = {50: (x - 300 * index, y, -150, 0, 4)} if index > 2 else {}
        events: list[tuple[int, ...]] = [
            (EventKind.FIRE, 0, 0),
            (EventKind.RAIL, 0, x, y, centre(1), y),
            (EventKind.HIT, 0, 3, 4, 12, x, y),
            (EventKind.KILL, 1, 0, NO_WEAPON, 1),
            (EventKind.HIT, 3, 0, 4, 12, centre(3), centre(10)),
        ]
        views.append(
            View(
                tick=1_000 + 2 * index,
                cards=by_slot(dict.fromkeys(bodies, Card.of((131, index // 4, *CARD[2:])))),
                bodies=by_slot({slot: Body.of(body) for slot, body in bodies.items()}),
                shots={number: Flight.of(shot) for number, shot in shots.items()},
                pads={pad: (ready + 60 * (index // 5),) for pad, ready in enumerate((0, 1_900, 0))},
                match=(2, 30_000, -1, 2),
                own=by_slot(dict.fromkeys(bodies, Own.of(OWN))),
                events=events,
                visibility=visibility,
            )
        )
    return views
