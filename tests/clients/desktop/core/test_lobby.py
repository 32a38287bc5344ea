"""The lobby as a person sees it, message by message."""

import re

import pytest

from clients.desktop.core.connection_state import (
    LOBBY_ENDS,
    MATCH_ENDS,
    ConnectionState,
    ConnectionStatus,
    countdown_words,
    has_words,
    passing_words,
)
from clients.desktop.core.lobby import (
    LobbyActivity,
    LobbyState,
    after_connection,
    after_message,
    way_back,
)
from clients.net.errors import FINAL_CODES
from game.wire.lobby_messages import (
    Idle,
    JoinRoom,
    Matches,
    MatchRow,
    ModeRow,
    Play,
    Pong,
    Queued,
    Refused,
    Room,
    RoomMember,
    Seat,
    Welcome,
)
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import FromLobby, ToLobby


def told(*messages: FromLobby) -> LobbyState:
    lobby = LobbyState()
    for each in messages:
        lobby = after_message(lobby, each)
    return lobby


WELCOME = Welcome(
    b"12345678",
    "Robin",
    b"s",
    online=4,
    modes=(ModeRow("duel", "Duel", 2, 2),),
    maps=(),
    name_note="",
)
QUEUED = Queued("duel", 1, 3)
ROOM = Room("BCD-FGH-JKM", "duel", "yard", 1, 2, (RoomMember("Robin"), RoomMember("Ann")))
SEAT = Seat("m1", "/match/m1", b"t", 0)


def test_the_welcome_tells_who_one_is_and_what_there_is() -> None:
    lobby = told(WELCOME)
    assert (lobby.name, lobby.online, lobby.modes[0].title) == ("Robin", 4, "Duel")


def test_a_queue_ends_with_a_seat_and_a_room_does_not() -> None:
    assert told(QUEUED).doing is LobbyActivity.QUEUED
    assert told(QUEUED, SEAT).doing is LobbyActivity.IDLE
    lobby = told(ROOM, SEAT)
    assert lobby.doing is LobbyActivity.ROOM
    assert lobby.room is not None
    assert [member.name for member in lobby.room.members] == ["Robin", "Ann"]
    assert told(ROOM, Idle()).room is None


def test_matches_and_the_number_of_people_are_kept_fresh() -> None:
    row = MatchRow("m1", "duel", "yard", 1, 1, 2, 0, 2, seconds_left=90)
    lobby = told(Matches((row,)), Pong(1, online=9))
    assert (lobby.matches[0].seconds_left, lobby.online) == (90, 9)


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (Refusal.ROOM, "there is no such room", "there is no such room"),
        (Refusal.OUTDATED, "", "please update"),
        (Refusal.BUSY, "", "refused that"),
    ],
)
def test_a_refusal_is_shown_in_words(code: int, text: str, words: str) -> None:
    assert words in told(Refused(2, code, text)).error


@pytest.mark.parametrize(
    ("lobby", "way"),
    [
        (told(QUEUED), Play("duel")),
        (told(ROOM), JoinRoom("BCD-FGH-JKM")),
        (told(WELCOME), None),
    ],
)
def test_there_is_a_way_back_to_where_one_stood(lobby: LobbyState, way: ToLobby | None) -> None:
    assert way_back(lobby) == way


def test_nobody_waits_in_a_lobby_that_is_gone_for_good() -> None:
    ended = ConnectionState(ConnectionStatus.ENDED, code=CloseCode.REPLACED, reason="elsewhere")
    lobby = after_connection(told(QUEUED), ended)
    assert (lobby.doing, lobby.error) == (LobbyActivity.IDLE, "elsewhere")
    assert after_connection(told(QUEUED), ConnectionState()).doing is LobbyActivity.QUEUED


def test_every_final_close_of_a_match_has_words() -> None:
    assert set(MATCH_ENDS) == FINAL_CODES


@pytest.mark.parametrize("code", CloseCode)
@pytest.mark.parametrize("ends", [LOBBY_ENDS, MATCH_ENDS])
def test_every_close_is_an_end_in_a_sentence_or_passes_for_a_reason(
    ends: dict[int, str], code: CloseCode
) -> None:
    assert has_words(code, ends)
    if code in ends:
        assert re.fullmatch("[A-Z].*[.]", ends[code])
    else:
        assert re.fullmatch("[a-z].*[a-z]", passing_words(code, ""))


def test_a_lobby_waits_for_a_server_that_restarts() -> None:
    assert CloseCode.SHUTDOWN not in LOBBY_ENDS
    assert passing_words(CloseCode.SHUTDOWN, "") == "the server is restarting"
    assert passing_words(4_999, "a new reason") == "a new reason"


def test_a_countdown_ends_at_zero() -> None:
    state = ConnectionState(ConnectionStatus.RETRYING, 1, 5.0, reason="the server is full")
    assert "in 0.0 s" in countdown_words(state, 9.0)
    assert countdown_words(ConnectionState(ConnectionStatus.ONLINE), 9.0) == ""
    assert countdown_words(ConnectionState(), 9.0) == "Connecting…"
