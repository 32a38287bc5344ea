"""Keys, mouse and pad become inputs; nothing pressed on a page happens in the match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.desktop.core.input.bindings import default_bindings, rebound
from clients.desktop.core.input.input_mapper import AimContext, InputMapper
from clients.desktop.core.input.pad import Pad
from clients.desktop.core.input.weapon_choice import WISH_TICKS_MAX, WeaponChoice
from game.inputs import BUTTONS_MAX, DASH, DOWN, FIRE, LEFT, RIGHT, SELECT_SHIFT, UP

AMMO = (-1, 6, 0, 0, 3)
HERE = AimContext(100, 0, 0, AMMO, (10.0, 0.0))


@pytest.mark.parametrize(
    ("key", "button"),
    [("w", UP), ("down", DOWN), ("a", LEFT), ("d", RIGHT), ("mouse 1", FIRE), ("space", DASH)],
)
def test_a_key_is_a_button_while_it_is_down(key: str, button: int) -> None:
    hands = InputMapper()
    hands.press(key)
    assert hands.sample(HERE).buttons == button
    assert hands.sample(HERE).buttons == button
    hands.release(key)
    assert hands.sample(HERE).buttons == 0


def test_a_tap_between_two_ticks_is_not_lost() -> None:
    hands = InputMapper()
    hands.press("space")
    hands.release("space")
    assert hands.sample(HERE).buttons == DASH
    assert hands.sample(HERE).buttons == 0


@pytest.mark.parametrize(
    ("mouse", "aim"), [((9, 0), 0), ((0, 9), 16_384), ((-9, 0), 32_768), ((0, -9), 49_152)]
)
def test_the_mouse_aims_from_ones_own_body(mouse: tuple[float, float], aim: int) -> None:
    assert InputMapper().sample(HERE._replace(mouse=mouse)).aim == aim


def test_without_a_mouse_the_aim_stays() -> None:
    hands = InputMapper()
    hands.sample(HERE._replace(mouse=(0, 9)))
    assert hands.sample(HERE._replace(mouse=None)).aim == 16_384


def test_the_stick_aims_until_the_mouse_moves_again() -> None:
    hands = InputMapper()
    hands.pad.axes["right y"] = -1.0
    assert hands.sample(HERE).aim == 49_152
    hands.pad.axes["right y"] = 0.0
    assert hands.sample(HERE).aim == 49_152
    hands.move_mouse()
    assert hands.sample(HERE).aim == 0


def test_a_weapon_is_asked_for_until_it_is_in_hand() -> None:
    hands = InputMapper()
    hands.press("2")
    wish = 2 << SELECT_SHIFT
    assert [hands.sample(HERE).buttons for _ in range(3)] == [wish] * 3
    assert hands.sample(HERE._replace(confirmed_weapon=1)).buttons == 0
    assert hands.sample(HERE).buttons == 0, "granted once is granted"


def test_a_wish_that_is_never_granted_is_given_up() -> None:
    choice = WeaponChoice()
    choice.ask(3, 100)
    assert choice.bits(0, 100 + WISH_TICKS_MAX) > 0
    assert choice.bits(0, 101 + WISH_TICKS_MAX) == 0


@pytest.mark.parametrize(("key", "weapon"), [("wheel down", 1), ("wheel up", 4)])
def test_the_wheel_goes_to_the_next_weapon_that_is_not_empty(key: str, weapon: int) -> None:
    hands = InputMapper()
    hands.press(key)
    assert hands.sample(HERE).buttons == (weapon + 1) << SELECT_SHIFT


def test_while_the_hands_are_not_free_nothing_is_done_now_or_later() -> None:
    hands = InputMapper()
    hands.sample(HERE)
    hands.press("w")
    hands.press("3")
    hands.are_free = False
    assert hands.sample(HERE._replace(mouse=(0, 9))) == (0, 0, 0)
    hands.are_free = True
    assert hands.sample(HERE).buttons == 0


def test_another_key_does_it_after_it_was_bound() -> None:
    hands = InputMapper()
    hands.bind(rebound(default_bindings(), "dash", "w"))
    hands.press("w")
    assert hands.sample(HERE).buttons == DASH, "and no longer moves up"


@given(
    st.dictionaries(
        st.sampled_from(["left x", "left y", "right x", "right y", "right trigger"]),
        st.floats(-1, 1),
    ),
    st.sets(st.sampled_from(["a", "right shoulder", "back", "left shoulder"])),
)
def test_any_pad_state_makes_a_valid_input(axes: dict[str, float], held: set[str]) -> None:
    pad = Pad(axes, held)
    assert 0 <= pad.buttons <= BUTTONS_MAX
    assert pad.aim is None or 0 <= pad.aim <= 65_535


@pytest.mark.parametrize(
    ("stick", "buttons"),
    [((1, 0), RIGHT), ((0.7, 0.7), RIGHT | DOWN), ((-1, 0.1), LEFT), ((0.1, -0.1), 0)],
)
def test_the_left_stick_runs_in_eight_ways(stick: tuple[float, float], buttons: int) -> None:
    assert Pad({"left x": stick[0], "left y": stick[1]}).buttons == buttons


def test_an_unplugged_pad_holds_nothing() -> None:
    pad = Pad({"left x": 1.0, "right trigger": 1.0}, {"a"})
    pad.release()
    assert pad.buttons == 0


def test_a_mouse_button_that_came_up_elsewhere_is_let_go_when_the_mouse_comes_back() -> None:
    hands = InputMapper()
    for binding in ("mouse 1", "mouse 3", "mouse 4", "w"):
        hands.press(binding)
    hands.sample(HERE)
    hands.retain_mouse(frozenset(("mouse 3",)))
    assert hands.sample(HERE).buttons == UP | DASH
    hands.retain_mouse(frozenset())
    assert hands.sample(HERE).buttons == UP
