"""Players whose tab closed do not count: others neither see them nor are matched with them."""

import pytest

from game.wire.lobby_messages import Play, Queued
from server.lobby.seats import RETURN_S
from tests.server.lobby.fakes import Scene, names, ticket_of


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_tab_that_closed_in_the_queue_is_not_counted_and_the_next_two_are_matched_at_once(
    scene: Scene,
):
    scene.comes(1)
    scene.says(1, Play("duel"))
    scene.goes(1)
    scene.comes(2)
    assert scene.says(2, Play("duel")) == [Queued("duel", 1, 3)]
    assert scene.lobby.statistics().queued == 1
    scene.comes(3)
    scene.says(3, Play("duel"))
    scene.wait(0.0)
    assert ticket_of(scene.hears(2)).match_id == ticket_of(scene.hears(3)).match_id


def test_no_player_is_sent_to_a_match_reserved_for_a_closed_tab_alone(scene: Scene):
    scene.comes(1)
    scene.says(1, Play("duel"))
    scene.wait(3.0)
    empty = ticket_of(scene.hears(1)).match_id
    scene.goes(1)
    for link in (2, 3):
        scene.comes(link)
        scene.says(link, Play("duel"))
    scene.wait(0.0)
    second, third = (ticket_of(scene.hears(link)).match_id for link in (2, 3))
    assert second == third != empty


def test_a_promised_seat_is_kept_for_moments_when_the_tab_closes_and_no_longer(scene: Scene):
    token = scene.comes(1)
    scene.says(1, Play("duel"))
    scene.wait(3.0)
    ((promise, seconds),) = scene.registry.promised.items()
    assert seconds == 10
    scene.goes(1)
    assert scene.registry.promised == {promise: RETURN_S}
    assert "seat" in names(scene.returns(2, token))
    scene.registry.everybody_comes()
    scene.goes(2)
    assert scene.registry.promised == {}


def test_players_who_moved_from_the_lobby_to_a_match_are_company_once_seated(scene: Scene):
    scene.comes(1)
    scene.says(1, Play("deathmatch"))
    scene.wait(3.0)
    match_id = ticket_of(scene.hears(1)).match_id
    scene.goes(1)
    scene.registry.everybody_comes()
    scene.comes(2)
    scene.says(2, Play("deathmatch"))
    scene.wait(0.0)
    assert ticket_of(scene.hears(2)).match_id == match_id
