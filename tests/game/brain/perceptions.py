"""Perceptions made by hand, in the arena of `tests.strategies`."""

from collections.abc import Sequence

from game.brain.perception import Body, Perception
from game.tuning import Weapon
from game.world import Phase
from tests.strategies import ARENA

NO_AMMO = (0,) * len(Weapon)
SOME_AMMO = tuple(5 if weapon != Weapon.BLASTER else 0 for weapon in Weapon)


def perception_at(
    place: tuple[int, int], others: Sequence[Body] = (), **changed: object
) -> Perception:
    """Somebody in play, alone if nothing else is said."""
    fields: dict[str, object] = {
        "tick": 100, "phase": Phase.PLAY, "slot": 0, "x": place[0], "y": place[1], "vx": 0, "vy": 0,
        "alive": 1, "team": 0, "protected": 0, "health": 60, "armour": 0,
        "weapon": Weapon.BLASTER, "ammo": SOME_AMMO,
        "fire_ready_tick": 0, "dash_ready_tick": 0,
        "shots": [], "pads": dict.fromkeys(range(len(ARENA.pads)), 0),
        "bodies": {body.slot: body for body in others},
    }  # fmt: skip
    return Perception(**{**fields, **changed})  # type: ignore[arg-type]


def body_at(place: tuple[int, int], slot: int = 1, **changed: int) -> Body:
    """Somebody else: alive, standing, nobody's team mate."""
    body = Body(slot, *place, vx=0, vy=0, alive=1, team=0, protected=0)
    return body._replace(**changed)
