"""A name in use in a match is taken, whatever became of the player's lobby session."""

import pytest

from game.wire.lobby_messages import CreateRoom, Rename, StartRoom, Welcome
from server.lobby.seat_names import SeatNames
from server.names.lookalikes import keys_of
from tests.server.lobby.fakes import Scene, the

LOOK_ALIKE = "\u0410nn"  # with a Cyrillic A


@pytest.fixture
def scene() -> Scene:
    return Scene()


def plays(scene: Scene, link: int) -> str:
    """Get a seat in a new match; returns its id."""
    scene.says(link, CreateRoom("deathmatch", "middle"))
    scene.says(link, StartRoom(1, 3))
    scene.registry.everybody_comes()
    return list(scene.registry.by_id)[-1]


def name_of(scene: Scene, link: int, typed: str, token: bytes = b"") -> str:
    """The name that a player gets who asks for `typed`."""
    return the(Welcome, scene.returns(link, token, typed, "b")).name


@pytest.mark.parametrize("typed", ["Ann", "ann", LOOK_ALIKE])
def test_somebody_who_plays_keeps_the_name_after_the_lobby_session_has_ended(
    scene: Scene, typed: str
):
    scene.comes(1, "Ann")
    match_id = plays(scene, 1)
    scene.goes(1)
    for _ in range(5):
        scene.wait(scene.settings.resume_s)
    assert name_of(scene, 2, typed) not in ("Ann", typed)
    scene.registry.release(match_id, player_of(scene))
    scene.wait(scene.settings.resume_s)
    assert name_of(scene, 3, "Ann") == "Ann"


def player_of(scene: Scene) -> str:
    """The id of the one player."""
    ((player_id,),) = [it for it in scene.registry.seated.values() if it]
    return player_id


def test_they_come_back_into_the_lobby_as_themselves(scene: Scene):
    token = scene.comes(1, "Ann")
    plays(scene, 1)
    scene.goes(1)
    scene.wait(10 * scene.settings.resume_s)
    welcome = the(Welcome, scene.returns(2, token, "Ann"))
    assert (welcome.name, welcome.session) == ("Ann", token)


def test_a_name_that_was_changed_in_the_lobby_is_taken_while_the_match_shows_it(scene: Scene):
    scene.comes(1, "Ann")
    match_id = plays(scene, 1)
    scene.says(1, Rename("Bea"))
    assert name_of(scene, 2, "Ann") == "Ann 2"
    assert name_of(scene, 3, "Bea") == "Bea 2"
    scene.says(1, Rename("Ann"))
    assert the(Welcome, scene.returns(4, b"", "Bea")).name == "Bea"
    scene.says(1, Rename("Cid"))
    scene.registry.release(match_id, player_of(scene))
    assert name_of(scene, 5, "Ann") == "Ann"


def test_a_match_that_has_ended_holds_no_names(scene: Scene):
    scene.comes(1, "Ann")
    match_id = plays(scene, 1)
    scene.goes(1)
    scene.wait(scene.settings.resume_s)
    scene.registry.end(match_id)
    scene.wait(scene.settings.resume_s)
    assert scene.lobby.statistics().sessions == 0
    assert name_of(scene, 2, "Ann") == "Ann"


def test_nobody_is_remembered_at_the_end_of_the_server(scene: Scene):
    scene.comes(1, "Ann")
    plays(scene, 1)
    scene.goes(1)
    scene.lobby.forget_all()
    assert scene.lobby.statistics().sessions == 0


def test_seats_that_were_given_up_do_not_pile_up():
    held: set[tuple[str, str]] = set()
    names = SeatNames(lambda match_id, player_id: (match_id, player_id) in held)
    for number in range(1_000):
        names.note(f"p{number}", "m", f"Name {number}")
    assert len(names) <= 5
    assert not names.is_in_use(keys_of("Name 999")[0], "somebody")
