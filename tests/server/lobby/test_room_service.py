"""Joining rooms by right and wrong codes."""

import pytest

from game.wire.lobby_messages import CreateRoom, JoinRoom, Refused, Room
from game.wire.messages import Refusal
from tests.server.lobby.fakes import Scene, refusal, the

WRONG = "ZZZ-ZZZ-ZZZ"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def open_room(scene: Scene, link: int) -> str:
    """Make a room; returns its code."""
    return the(Room, scene.says(link, CreateRoom("deathmatch", "middle"))).code


def test_guessing_codes_is_slowed_down_by_address(scene: Scene):
    scene.comes(1, address="guesser")
    scene.comes(2, address="friend")
    code = open_room(scene, 2)
    for _ in range(scene.settings.wrong_codes_max):
        assert refusal(scene.says(1, JoinRoom(WRONG))) == Refusal.ROOM
    assert refusal(scene.says(1, JoinRoom(code))) == Refusal.RATE
    assert scene.says(2, JoinRoom(code))[0].spec.name == "room"


def test_all_addresses_of_one_network_are_slowed_down_as_one(scene: Scene):
    for link in range(1, scene.settings.wrong_codes_max + 2):
        scene.comes(link, address=f"2001:db8:1:2::{link:x}")
        answer = refusal(scene.says(link, JoinRoom(WRONG)))
    assert answer == Refusal.RATE
    scene.comes(99, address="2001:db8:1:3::1")
    assert refusal(scene.says(99, JoinRoom(WRONG))) == Refusal.ROOM


def test_a_session_that_moves_to_another_address_takes_its_wrong_codes_along(scene: Scene):
    token = scene.comes(1, address="first")
    for _ in range(scene.settings.wrong_codes_max):
        scene.says(1, JoinRoom(WRONG))
    scene.comes(2, address="second", token=token)
    answers = scene.says(2, JoinRoom(WRONG))
    assert refusal(answers) == Refusal.RATE
    assert "again in 6 s" in the(Refused, answers).text


def test_an_impossible_code_gets_a_reason_and_counts_as_wrong(scene: Scene):
    scene.comes(1)
    for _ in range(scene.settings.wrong_codes_max):
        answers = scene.says(1, JoinRoom("hello"))
        assert refusal(answers) == Refusal.ROOM
        assert "9 letters, like" in the(Refused, answers).text
    assert refusal(scene.says(1, JoinRoom("hello"))) == Refusal.RATE


def test_a_code_may_be_typed_in_any_case_and_grouping(scene: Scene):
    scene.comes(1)
    scene.comes(2)
    code = open_room(scene, 1)
    typed = f"{code[:3]} {code[4:7]}{code[8:]}".lower()
    assert scene.says(2, JoinRoom(typed))[0].spec.name == "room"
