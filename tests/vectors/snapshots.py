"""Sequences of snapshot messages and the views that a receiver must have after each."""

from typing import Any

from game.view import View
from game.wire.snapshot import SnapshotWriter

PLAYER = (1_024, 2_048, 111, -78, 200, 131, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1)
FLAG_LIVES = ((50_000, 8_000, 3, 0), (44_000, 9_000, -2, 2_000), (50_000, 8_000, -1, 0))
CIRCLE = (80_000, 60_000, 100_000, 70_000, 65_000, 70_000)
OWN = (0, 90, 0, 0, 0, 6, 0, 0, 0, 90, 0, 0)


def snapshots() -> dict[str, Any]:
    """Each sequence is one connection: `slot` is whose own part it gets (-1: a spectator)."""
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
    }


def _sequence(views: list[View], steps: dict[int, str | None], slot: int) -> list[dict[str, Any]]:
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
        events = [event for v in past for event in v.events]
        messages.append({"hex": encoded.hex(), "view": _plain(view, slot, events)})
        base = view.tick
    return messages


def _plain(view: View, slot: int, events: list[tuple[int, ...]]) -> dict[str, Any]:
    return {
        "tick": view.tick,
        "players": [[key, *record] for key, record in view.players.items()],
        "shots": [[key, *record] for key, record in view.shots.items()],
        "pads": [[key, *record] for key, record in view.pads.items()],
        "match": list(view.match),
        "own": list(view.own[slot]) if slot >= 0 else [],
        "events": [list(event) for event in events],
        "teams": [[key, *record] for key, record in view.teams.items()],
        "flags": [[key, *record] for key, record in view.flags.items()],
        "circle": list(view.circle),
    }


def _views() -> list[View]:
    """Coming and going, running as predicted, turning, shooting, and numbers of every size."""
    views = []
    for index in range(8):
        tick = 1_000 + 2 * index
        x, y = 1_024 + 222 * index, 2_048 - 156 * index
        players = {3: (x, y, *PLAYER[2:4], 200 + 7 * index, *PLAYER[5:])}
        if index >= 1:
            players[0] = (
                5_000,
                5_000 - 3 * index,
                0,
                0,
                255,
                195,
                100 - 12 * index,
                50,
                *PLAYER[8:],
            )
        if index not in (4, 5):
            players[127] = (
                -300_000,
                2**31,
                -600,
                600,
                0,
                128 + 1_024,
                200,
                100,
                -3,
                *range(40, 49),
            )
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
                players=dict(sorted(players.items())),
                shots=shots,
                pads={0: (0,), 1: (0 if index < 6 else 2_900,)},
                match=(0 if index < 2 else 2, 0 if index < 2 else 30_000, -1, 2),
                own=dict.fromkeys(players, (*OWN[:1], 90 + 60 * (index // 3), *OWN[2:])),
                events=list(events[index % 5]),
                teams={1: (index // 3,), 2: (0,)} if index else {},
                flags={1: (9_000, 8_000, -1, 0), 2: FLAG_LIVES[index % 3]} if index else {},
                circle=(0,) * 8 if index < 3 else (*CIRCLE[:6], *[tick + 60, tick + 300]),
            )
        )
    return views
