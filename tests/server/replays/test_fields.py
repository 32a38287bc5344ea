"""Every field of the state has a name, and a comparison names exactly the fields that differ."""

import pytest

from game.inputs import Command, CommandKind
from game.step import step
from game.world import Shot
from server.replays.fields import difference, field_of, fields_of
from tests.journals import played
from tests.server.replays.files import session_of
from tests.strategies import world_of


def test_fields_are_called_as_in_the_rules():
    world = world_of()
    step(world, [Command(CommandKind.JOIN, 3)])
    world.shots[12] = Shot(12, 2, 3, 1, 2, 3, 4, 5, 0, 1)
    fields = fields_of(world)
    assert fields["player[3].health"] == world.players[3].health
    assert fields["player[3].ammo[1]"] == world.players[3].ammo[1]
    assert fields["player[3].shots"] == 0
    assert fields["shot[12].owner"] == 3
    assert fields["pad[0]"] == world.pad_ready_ticks[0]
    assert fields["config.mode"] == "deathmatch"
    assert fields["tick"] == 1


def test_one_field_is_read_as_it_stands_among_all():
    match = played(400, 5, seed=4, map_name="foundry")
    world = session_of(match).world_at(397)
    assert world.shots
    fields = fields_of(world)
    assert {name: field_of(world, name) for name in fields} == fields


@pytest.mark.parametrize(
    "name",
    [
        *("", "player[99].health", "player[0]", "player[0].wings", "pad[99]", "arena"),
        *("history[0]", "player[0].ammo", "player[0].ammo[9]", "tick.real", "shot[0].x"),
        *("config", "x[0].y"),
    ],
)
def test_an_unknown_field_reads_as_nothing(name: str):
    assert field_of(session_of(played(5, 2)).world_at(5), name) is None


def test_a_difference_names_what_changed_and_what_came_or_went():
    one, other = world_of(), world_of()
    step(one)
    step(other, [Command(CommandKind.JOIN, 0)])
    found = {name: (before, after) for name, before, after in difference(one, other)}
    assert found["player[0].slot"] == (None, 0)
    assert "tick" not in found
    assert difference(one, one) == []
