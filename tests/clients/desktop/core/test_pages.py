"""Pages: every click asks for something, and everything that can be asked for can be clicked."""

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from clients.desktop.core.input.signals import (
    Closed,
    LostFocus,
    Moved,
    PadAxis,
    PadPressed,
    PadReleased,
    Pressed,
    Released,
    Signal,
    SoundFound,
    SoundLost,
    Typed,
)
from clients.desktop.core.lobby import LobbyState
from clients.desktop.core.pages.options import create_page, keys_page, menu_page, settings_page
from clients.desktop.core.pages.start import PageContext, start_page
from clients.desktop.core.pages.waiting import opening_page, queue_page, room_page
from clients.desktop.core.pages.widgets import NOTHING, Button, Focus, Page
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.settings import PALETTES, Settings, checked
from clients.desktop.core.shapes import Text
from clients.desktop.core.stage import Stage
from game.wire.lobby_messages import (
    JoinMatch,
    MatchRow,
    ModeRow,
    Play,
    Room,
    RoomMember,
    WatchMatch,
)
from game.wire.schema import ToLobby
from game.world import Phase

COLOURS = ActivePalette.of("night").colours
SIZES = [(1_100, 700), (1_280, 720), (1_920, 1_080)]
MODES = tuple(ModeRow(f"mode{i}", f"Mode {i}", 2, 16) for i in range(5))
MATCHES = tuple(MatchRow(f"m{i}", "duel", "yard", 1, 1, 2 + i, 0, Phase.PLAY, 61) for i in range(9))
LOBBY = LobbyState(ConnectionState(ConnectionStatus.ONLINE), "Robin", 3, MODES, (), MATCHES)
ROOM = Room("BCD-FGH-JKM", "mode1", "", 1, 8, (RoomMember("Robin"), RoomMember("Ann")))
OUTSIDE = PageContext("example:8000", 10.0)


def pages(size: tuple[int, int]) -> dict[str, Page]:
    return {
        "start": start_page(LOBBY, OUTSIDE, COLOURS, size),
        "queue": queue_page(evolve(LOBBY, queued_mode="duel"), COLOURS, size),
        "room": room_page(LOBBY, ROOM, COLOURS, size),
        "opening": opening_page(LOBBY.connection, 10.0, COLOURS, size),
        "menu": menu_page(COLOURS, size),
        "settings": settings_page(Settings(), COLOURS, size),
        "create": create_page(LOBBY, COLOURS, size),
    }


def said(page: Page) -> str:
    labels = [it.words for it in page.shapes if isinstance(it, Text)]
    return " ".join([*labels, *(it.words for it in page.widgets if isinstance(it, Button))])


@pytest.mark.parametrize("size", SIZES)
def test_all_widgets_are_on_the_window_and_none_covers_another(size: tuple[int, int]) -> None:
    for name, page in pages(size).items():
        rects = [widget.rect for widget in page.widgets]
        for index, rect in enumerate(rects):
            assert rect.y >= 0, name
            assert rect.bottom <= size[1], name
            for other in rects[index + 1 :]:
                apart_x = rect.right <= other.x or other.right <= rect.x
                assert apart_x or rect.bottom <= other.y or other.bottom <= rect.y, (name, rect)


def test_each_button_asks_for_its_own_when_it_is_clicked() -> None:
    for page in pages((1_280, 720)).values():
        for widget in page.widgets:
            if isinstance(widget, Button):
                assert Focus().click(page, *widget.rect.centre) == widget.action
        assert Focus().click(page, 0, 0) == NOTHING


def test_the_first_page_offers_modes_matches_and_rooms() -> None:
    actions = [it.action for it in pages((1_280, 720))["start"].widgets]
    assert Play("mode0") in actions
    assert JoinMatch("m0") in actions
    assert WatchMatch("m0") in actions
    assert {("create",), ("join_typed",), ("quit",)} <= set(actions)


@pytest.mark.parametrize("modes", [(), LOBBY.modes])
@pytest.mark.parametrize("status", ConnectionStatus)
def test_the_first_page_has_a_way_on_however_the_line_stands(
    status: ConnectionStatus, modes: tuple[ModeRow, ...]
) -> None:
    lobby = evolve(
        LOBBY, connection=ConnectionState(status, 2, 11.0, reason="It ended."), modes=modes
    )
    page = start_page(lobby, OUTSIDE, COLOURS, (1_280, 720))
    [main] = [it for it in page.widgets if isinstance(it, Button) and it.is_main]
    is_ended = status is ConnectionStatus.ENDED
    assert main.action == (Play("mode0") if modes and not is_ended else ("reconnect",))
    assert not is_ended or "It ended." in said(page)


def test_problems_are_shown_at_the_foot() -> None:
    lost = ConnectionState(ConnectionStatus.RETRYING, 2, 11.0, reason="the server is restarting")
    page = start_page(evolve(LOBBY, connection=lost), OUTSIDE, COLOURS, (1_280, 720))
    assert "next try in 1.0 s" in said(page)
    page = start_page(evolve(LOBBY, error="no such room"), OUTSIDE, COLOURS, (1_280, 720))
    assert "no such room" in said(page)
    broken = PageContext("example:8000", 10.0, "the settings were not read")
    assert "not read" in said(start_page(LOBBY, broken, COLOURS, (1_280, 720)))


def test_only_the_owner_of_a_room_starts_it() -> None:
    assert "Start" in said(room_page(LOBBY, ROOM, COLOURS, (1_280, 720)))
    guest = room_page(LOBBY, evolve(ROOM, owner=0), COLOURS, (1_280, 720))
    assert "Start" not in said(guest)
    assert "BCD-FGH-JKM" in said(guest)


ELSEWHERE = {"name", "keys", "frames_per_second"}  # on other pages, and only in the file


def test_every_choice_on_the_settings_page_is_allowed() -> None:
    settings, chosen = Settings(), set()
    for _ in range(30):
        for widget in settings_page(settings, COLOURS, (1_280, 720)).widgets:
            if widget.action[0] == "set":
                name, value = str(widget.action[1]), widget.action[2]
                settings = checked(settings, {name: value})
                assert getattr(settings, name) == value
                chosen.add((name, value))
    assert {name for name, _ in chosen} == {it.name for it in fields(Settings)} - ELSEWHERE
    assert {value for name, value in chosen if name == "palette"} == set(PALETTES)


def test_names_are_typed_and_codes_are_capitals() -> None:
    page, focus = pages((1_280, 720))["start"], Focus()
    focus.type(page, "Zoë\n the Great and Terrible, and many more")
    assert focus.texts["name"] == "Zoë the Great and Terrible, and many mor"
    focus.erase(page)
    assert focus.enter(page) == ("rename", "Zoë the Great and Terrible, and many mo")
    code = next(i for i, it in enumerate(page.widgets) if getattr(it, "name", "") == "code")
    focus.index = code
    focus.type(page, "bcd-fgh jkm\n")
    assert focus.enter(page) == ("join_typed", "BCD-FGH JKM")


def test_tab_goes_round() -> None:
    page, focus = pages((1_280, 720))["menu"], Focus()
    for _ in page.widgets:
        focus.move(page, 1)
    assert focus.index == 0
    focus.move(page, -1)
    assert focus.enter(page) == ("quit",)


def test_a_key_that_is_waited_for_is_bound_and_escape_is_no_answer() -> None:
    page = keys_page(Settings(), "dash", COLOURS, (1_280, 720))
    assert any(getattr(it, "beside", "") == "press a key…" for it in page.widgets)
    stage = Stage(awaited_control="dash")
    assert stage.take(Pressed("left shift"), page) == ("bind", "dash", "left shift")
    stage.awaited_control = "dash"
    assert stage.take(Pressed("escape"), page) == NOTHING
    assert stage.awaited_control == ""


@pytest.mark.parametrize(
    ("signal", "action"),
    [
        (Closed(), ("quit",)),
        (Pressed("escape"), ("close",)),
        (PadPressed("b"), ("close",)),
        (Pressed("f11"), ("full_screen",)),
        (Pressed("return"), ("close",)),  # the first button of the menu
        (PadPressed("a"), ("close",)),
        (Typed("x"), NOTHING),
    ],
)
def test_keys_on_a_page(signal: Signal, action: tuple[object, ...]) -> None:
    assert Stage().take(signal, pages((1_280, 720))["menu"]) == action


def test_keys_in_a_match_go_to_the_hands_and_on_a_page_they_do_not() -> None:
    stage, page = Stage(), pages((1_280, 720))["menu"]
    stage.take(Pressed("w"), page)
    assert not stage.hands.is_held("up")
    for signal in (Pressed("w"), PadAxis("left x", 1.0), PadPressed("back")):
        stage.take(signal, None)
    assert stage.hands.is_held("up")
    assert stage.hands.is_held("scoreboard")
    assert stage.hands.pad.buttons
    for signal in (Released("w"), PadReleased("back")):
        stage.take(signal, None)
    assert not stage.hands.is_held("up")
    stage.take(Pressed("w"), None)
    stage.take(LostFocus(), None)
    assert not stage.hands.is_held("up"), "it is released where nobody sees it"


def test_a_number_votes_too() -> None:
    assert Stage().take(Pressed("2"), None) == ("vote", 1)


def test_pages_lie_on_each_other() -> None:
    stage = Stage()
    for overlay in ("menu", "settings", "settings"):
        stage.open(overlay)
    stage.close()
    assert stage.overlay == "menu"
    stage.close()
    stage.close()
    assert stage.overlay == ""


signals = st.one_of(
    st.builds(Pressed, st.sampled_from(["w", "return", "tab", "escape", "mouse 1", "space"])),
    st.builds(Released, st.sampled_from(["w", "space"])),
    st.builds(Moved, st.floats(0, 1_280), st.floats(0, 720)),
    st.builds(Typed, st.text(max_size=3)),
    st.builds(PadPressed, st.sampled_from(["a", "b", "dpad down", "start"])),
)


@given(st.lists(st.tuples(signals, st.sampled_from(["", "start", "room", "menu", "settings"]))))
def test_no_order_of_signals_breaks_the_stage(walk: list[tuple[Signal, str]]) -> None:
    stage, all_pages = Stage(), pages((1_280, 720))
    for signal, name in walk:
        action = stage.take(signal, all_pages.get(name))
        assert isinstance(action, ToLobby) or isinstance(action[0], str)
        for page in all_pages.values():
            list(stage.focus.shapes(page, COLOURS))


def test_the_first_page_says_what_one_is_called_and_why() -> None:
    note = "You are Ann 2 here: a name like that is taken"
    lobby = evolve(LOBBY, name="Ann 2", name_note=note)
    words = said(start_page(lobby, OUTSIDE, COLOURS, (1_280, 720)))
    assert note in words
    assert "Ann 2" in words


@pytest.mark.parametrize(
    ("signal", "action"), [(SoundLost(), "sound_lost"), (SoundFound(), "sound_found")]
)
def test_sound_problems_are_shown_on_every_page(signal: Signal, action: str) -> None:
    for page in (None, pages((1_280, 720))["start"]):
        assert Stage().take(signal, page) == (action,)
