"""A player out of sight is on the scoreboard, and nowhere else in the HUD or the scene."""

from clients.desktop.core.hud.minimap import minimap
from clients.desktop.core.hud.scoreboard import scoreboard
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Dot, Text
from tests.clients.desktop.frames import SLOT, bot_match, frame_of
from tests.journals import house_maps
from tests.strategies import world_of

SIZE = (1_280, 720)
PAINTS = ActivePalette.of("night")
BASTION = house_maps()["bastion"]


def test_hidden_players_are_on_the_scoreboard_but_not_on_the_map() -> None:
    world, session = bot_match(world_of(arena=BASTION))
    frame = frame_of(session)
    hidden = [it for it in frame.players if not it.is_seen]
    assert hidden
    assert {it.slot for it in frame.players} == set(world.players)
    assert all((it.x, it.y) == (0, 0) for it in hidden)
    words = {shape.words for shape in scoreboard(frame, PAINTS, SIZE) if isinstance(shape, Text)}
    assert {it.name for it in hidden} <= words
    shown = [it for it in frame.players if it.is_seen and it.alive and it.slot != SLOT]
    dots = [shape for shape in minimap(frame, PAINTS) if isinstance(shape, Dot)]
    assert len(dots) == len(shown)
