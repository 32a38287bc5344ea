"""The lobby's core as players use it: hello, play, rooms, watching, dropping and returning."""

import pytest
from attrs import evolve

from game.wire.lobby_messages import (
    Cancel,
    CreateRoom,
    Hello,
    Idle,
    JoinMatch,
    JoinRoom,
    LeaveRoom,
    ListMatches,
    Matches,
    Ping,
    Play,
    Pong,
    Queued,
    Refused,
    Rename,
    Room,
    RoomMember,
    Seat,
    StartRoom,
    WatchMatch,
    Welcome,
)
from game.wire.messages import CloseCode, Refusal
from server.config.settings import LobbySettings
from tests.server.lobby.fakes import (
    FINGERPRINT,
    FakeMatchRegistry,
    Scene,
    names,
    refusal,
    the,
    ticket_of,
)

MIDDLE_SEATS = 4


@pytest.fixture
def scene() -> Scene:
    return Scene()


def start_room(scene: Scene, *links: int) -> str:
    """Put all links into one room that the first owns; returns its code."""
    code = the(Room, scene.says(links[0], CreateRoom("deathmatch", "middle"))).code
    for link in links[1:]:
        scene.says(link, JoinRoom(code))
    for link in links:
        scene.hears(link)
    return code


def test_a_guest_without_a_name_gets_one_and_the_offers(scene: Scene):
    scene.lobby.connect(1, "a")
    (welcome, idle) = scene.says(1, Hello(FINGERPRINT, "", b""))
    assert isinstance(welcome, Welcome)
    assert (welcome.fingerprint, welcome.online) == (FINGERPRINT, 1)
    assert welcome.name
    assert welcome.name_note == ""
    assert len(welcome.session) >= 16
    assert [row.name for row in welcome.modes] == ["deathmatch", "duel"]
    assert [row.name for row in welcome.maps] == ["small", "middle"]
    assert idle == Idle()


def test_a_client_with_another_fingerprint_is_told_to_reload(scene: Scene):
    scene.lobby.connect(1, "a")
    assert refusal(scene.says(1, Hello(b"87654321", "", b""))) == Refusal.OUTDATED
    assert scene.closed[1] == CloseCode.OUTDATED


def test_a_first_message_other_than_hello_closes_the_connection(scene: Scene):
    scene.lobby.connect(1, "a")
    scene.says(1, Play("duel"))
    assert scene.closed[1] == CloseCode.MALFORMED


def test_a_second_hello_is_refused(scene: Scene):
    scene.comes(1)
    assert refusal(scene.says(1, Hello(FINGERPRINT, "", b""))) == Refusal.STATE


def test_no_two_people_share_a_name_and_staff_names_are_refused(scene: Scene):
    scene.comes(1, "Ann")
    scene.comes(2, "ann")
    scene.comes(3, "Admin")
    names = [session.name for session in scene.lobby.context.people.connected()]
    assert names[:2] == ["Ann", "ann 2"]
    assert names[2] != "Admin"
    answers = scene.says(1, Rename("server"))
    assert refusal(answers) == Refusal.NAME
    assert "reads like the server's staff" in the(Refused, answers).text
    assert the(Welcome, scene.says(1, Rename("Bea"))).name == "Bea"


def welcome_of(answers: list[tuple[str, tuple]]) -> tuple[str, str]:
    """The name in a welcome, and the note about it."""
    welcome = the(Welcome, answers)
    return welcome.name, welcome.name_note


def test_a_changed_name_is_explained_once(scene: Scene):
    scene.comes(1, "Ann")
    told = scene.returns(2, b"", "Аnn")
    assert welcome_of(told) == ("Аnn 2", "You are Аnn 2 here: a name like that is taken")
    token = the(Welcome, told).session
    scene.goes(2)
    assert welcome_of(scene.returns(3, token, "Аnn")) == ("Аnn 2", "")
    assert welcome_of(scene.says(3, Rename("น้ำฝน"))) == ("น้ำฝน", "")
    assert welcome_of(scene.says(3, Rename("น้ำฝน"))) == ("น้ำฝน", "")


def test_a_name_that_was_typed_while_the_connection_was_away_is_taken(scene: Scene):
    token = scene.comes(1, "Ann")
    scene.goes(1)
    assert welcome_of(scene.returns(2, token, "Bea")) == ("Bea", "")
    scene.goes(2)
    name, note = welcome_of(scene.returns(3, token, "Admin"))
    assert name == "Bea"
    assert "staff" in note


def test_two_players_who_want_a_duel_get_seats_in_the_same_match(scene: Scene):
    for link in (1, 2):
        scene.comes(link)
        scene.says(link, Play("duel"))
    scene.wait(0.0)
    first, second = ticket_of(scene.hears(1)), ticket_of(scene.hears(2))
    assert first.match_id == second.match_id
    assert first.player_id != second.player_id
    assert first.kind == "play"
    assert scene.lobby.statistics().queued == 0


def test_a_lone_player_sees_the_wait_and_then_plays_with_bots(scene: Scene):
    scene.comes(1)
    assert scene.says(1, Play("deathmatch")) == [Queued("deathmatch", 1, 3)]
    scene.wait(1.0)
    assert scene.hears(1) == [Queued("deathmatch", 1, 2)]
    scene.wait(2.0)
    ticket = ticket_of(scene.hears(1))
    assert scene.registry.policies[ticket.match_id].population == scene.settings.bots


def test_the_queue_is_left_by_cancelling(scene: Scene):
    scene.comes(1)
    scene.says(1, Play("duel"))
    assert scene.says(1, Cancel()) == [Idle()]
    scene.wait(60.0)
    assert scene.registry.by_id == {}


def test_asking_again_keeps_the_place_in_the_queue(scene: Scene):
    scene.comes(1)
    scene.says(1, Play("duel"))
    scene.wait(2.0)
    scene.says(1, Play("duel"))
    scene.wait(1.0)
    assert "seat" in scene.names_heard(1)


def test_an_unknown_mode_is_refused(scene: Scene):
    scene.comes(1)
    assert refusal(scene.says(1, Play("chess"))) == Refusal.MODE


def test_when_no_match_can_be_made_people_are_notified_and_free_again():
    scene = Scene(FakeMatchRegistry(matches_max=0))
    scene.comes(1)
    scene.says(1, Play("duel"))
    scene.wait(60.0)
    answers = scene.hears(1)
    assert refusal(answers) == Refusal.BUSY
    assert answers[-1] == Idle()
    assert scene.lobby.statistics().queued == 0


def test_a_dropped_player_keeps_name_and_place_for_a_while(scene: Scene):
    token = scene.comes(1, "Ann")
    scene.says(1, Play("duel"))
    scene.goes(1)
    scene.wait(20.0)
    assert scene.registry.by_id == {}  # a player who is not connected is never matched
    scene.comes(2, "", token)
    scene.wait(0.0)
    assert ticket_of(scene.hears(2)).name == "Ann"


def test_an_absent_player_is_forgotten_with_place_room_and_name(scene: Scene):
    token = scene.comes(1, "Ann")
    start_room(scene, 1)
    scene.goes(1)
    scene.wait(scene.settings.resume_s)
    statistics = scene.lobby.statistics()
    assert (statistics.sessions, statistics.rooms, statistics.queued) == (0, 0, 0)
    assert scene.comes(2, "Ann", token) != token


def test_coming_back_while_the_old_connection_lives_replaces_it(scene: Scene):
    token = scene.comes(1)
    scene.comes(2, token=token)
    assert scene.closed[1] == CloseCode.REPLACED
    scene.goes(1)
    assert scene.says(2, Ping(7)) == [Pong(7, 1)]


def test_a_full_lobby_turns_new_people_away_but_not_returning_ones():
    scene = Scene(settings=LobbySettings(sessions_max=1))
    token = scene.comes(1)
    scene.lobby.connect(2, "a")
    scene.says(2, Hello(FINGERPRINT, "", b""))
    assert scene.closed[2] == CloseCode.FULL
    scene.goes(1)
    assert scene.comes(3, token=token) == token


def test_friends_meet_in_a_room_and_its_owner_starts(scene: Scene):
    scene.comes(1, "Ann")
    scene.comes(2, "Bea")
    room = the(Room, scene.says(1, CreateRoom("deathmatch", "middle")))
    mine, both = (RoomMember("Ann"),), (RoomMember("Ann"), RoomMember("Bea"))
    assert room == Room(room.code, "deathmatch", "middle", 1, MIDDLE_SEATS, mine)
    shown = the(Room, scene.says(2, JoinRoom(room.code.lower())))
    assert (shown.owner, shown.members) == (0, both)
    assert refusal(scene.says(2, StartRoom(0, 3))) == Refusal.STATE
    scene.hears(1)
    scene.says(1, StartRoom(9, 5))
    match_id = ticket_of(scene.hears(2)).match_id
    assert scene.registry.by_id[match_id].private
    assert scene.registry.policies[match_id].count == MIDDLE_SEATS - 2
    assert scene.registry.policies[match_id].level == 5


def test_after_the_match_the_same_people_start_again(scene: Scene):
    for link in (1, 2):
        scene.comes(link)
    start_room(scene, 1, 2)
    first = ticket_of(scene.says(1, StartRoom(0, 3))).match_id
    scene.hears(2)
    scene.registry.end(first)
    second = ticket_of(scene.says(1, StartRoom(0, 3))).match_id
    assert second != first
    assert ticket_of(scene.hears(2)).match_id == second


def test_a_member_who_left_the_running_match_gets_back_in_and_a_late_friend_too(scene: Scene):
    for link in (1, 2, 3):
        scene.comes(link)
    code = start_room(scene, 1, 2)
    match_id = ticket_of(scene.says(1, StartRoom(0, 3))).match_id
    scene.hears(2)
    assert ticket_of(scene.says(2, StartRoom(0, 3))).match_id == match_id
    assert ticket_of(scene.says(3, JoinRoom(code))).match_id == match_id


def test_coming_back_to_a_room_does_not_take_the_seat_a_second_time(scene: Scene):
    token = scene.comes(1)
    start_room(scene, 1)
    scene.says(1, StartRoom(0, 3))
    scene.registry.everybody_comes()
    scene.goes(1)
    assert names(scene.returns(2, token)) == ["welcome", "room"]


def test_a_member_who_was_away_when_it_started_gets_their_seat_on_return(scene: Scene):
    scene.comes(1)
    token = scene.comes(2)
    start_room(scene, 1, 2)
    scene.goes(2)
    scene.says(1, StartRoom(0, 3))
    assert ticket_of(scene.returns(3, token)).kind == "play"


@pytest.mark.parametrize("is_noticed", [True, False])
def test_a_seat_message_lost_with_its_connection_is_sent_on_the_next(
    scene: Scene, is_noticed: bool
):
    token = scene.comes(1)
    scene.comes(2)
    for link in (1, 2):
        scene.says(link, Play("duel"))
    scene.wait(0.0)
    lost = ticket_of(scene.hears(1))
    if is_noticed:
        scene.goes(1)
    answers = scene.returns(3, token)
    assert names(answers) == ["welcome", "seat"]
    told = ticket_of(answers)
    assert (told.match_id, told.player_id) == (lost.match_id, lost.player_id)
    assert told.nonce != lost.nonce
    assert scene.registry.by_id[lost.match_id].people == 2


def test_a_seat_in_the_match_of_a_room_is_sent_again_too(scene: Scene):
    token = scene.comes(1)
    start_room(scene, 1)
    lost = ticket_of(scene.says(1, StartRoom(0, 3)))
    answers = scene.returns(2, token)
    assert sorted(names(answers)) == ["room", "seat", "welcome"]
    assert ticket_of(answers).match_id == lost.match_id


def test_a_seat_is_not_told_again_once_it_was_taken_or_its_match_is_over(scene: Scene):
    token = scene.comes(1)
    match_id = scene.registry.create("deathmatch", "middle")
    scene.says(1, JoinMatch(match_id))
    scene.registry.everybody_comes()
    assert names(scene.returns(2, token)) == ["welcome", "idle"]
    scene.says(2, JoinMatch(match_id))
    scene.registry.end(match_id)
    assert names(scene.returns(3, token)) == ["welcome", "idle"]


def test_a_player_back_in_their_seat_does_not_wait_for_another_match(scene: Scene):
    token = scene.comes(1)
    scene.says(1, JoinMatch(scene.registry.create("deathmatch", "middle")))
    scene.says(1, Play("duel"))
    assert names(scene.returns(2, token)) == ["welcome", "seat"]
    scene.wait(60.0)
    assert scene.hears(2) == []
    assert scene.lobby.statistics().queued == 0


def test_the_room_passes_to_the_next_member_and_dies_with_the_last(scene: Scene):
    for link in (1, 2):
        scene.comes(link)
    code = start_room(scene, 1, 2)
    assert scene.says(1, LeaveRoom()) == [Idle()]
    assert the(Room, scene.hears(2)).owner == 1
    scene.says(2, LeaveRoom())
    assert refusal(scene.says(1, JoinRoom(code))) == Refusal.ROOM


def test_a_room_holds_no_more_than_its_seats(scene: Scene):
    links = range(1, MIDDLE_SEATS + 2)
    for link in links:
        scene.comes(link)
    code = start_room(scene, *links[:-1])
    assert refusal(scene.says(links[-1], JoinRoom(code))) == Refusal.FULL


def test_a_room_without_a_wish_for_a_map_has_seats_for_a_group():
    scene = Scene()
    scene.comes(1)
    room = the(Room, scene.says(1, CreateRoom("deathmatch", "")))
    assert (room.map, scene.lobby.room_service.rooms.by_code[room.code].seats) == ("middle", 4)


def test_rooms_need_a_mode_a_map_that_suits_it_and_are_limited():
    scene = Scene(settings=LobbySettings(rooms_max=1))
    scene.comes(1)
    scene.comes(2)
    assert refusal(scene.says(1, CreateRoom("chess", ""))) == Refusal.MODE
    assert refusal(scene.says(1, CreateRoom("duel", "nowhere"))) == Refusal.MAP
    assert the(Room, scene.says(1, CreateRoom("duel", ""))).map in ("small", "middle")
    assert refusal(scene.says(1, CreateRoom("duel", ""))) == Refusal.STATE
    assert refusal(scene.says(2, CreateRoom("duel", ""))) == Refusal.BUSY
    assert refusal(scene.says(1, Play("duel"))) == Refusal.STATE


def test_public_matches_are_listed_joined_and_watched_and_private_ones_are_not(scene: Scene):
    scene.comes(1)
    public = scene.registry.create("deathmatch", "middle")
    private = scene.registry.create("deathmatch", "middle", private=True)
    (listed,) = scene.says(1, ListMatches())
    assert isinstance(listed, Matches)
    assert [row.match for row in listed.matches] == [public]
    assert ticket_of(scene.says(1, JoinMatch(public))).kind == "play"
    assert ticket_of(scene.says(1, WatchMatch(public))).kind == "watch"
    assert refusal(scene.says(1, JoinMatch(private))) == Refusal.MATCH
    assert refusal(scene.says(1, WatchMatch("gone"))) == Refusal.MATCH


def test_a_full_match_can_be_watched_but_not_joined(scene: Scene):
    scene.comes(1)
    match_id = scene.registry.create("duel", "small")
    status = scene.registry.by_id[match_id]
    scene.registry.by_id[match_id] = evolve(status, people=2)
    assert refusal(scene.says(1, JoinMatch(match_id))) == Refusal.FULL
    assert ticket_of(scene.says(1, WatchMatch(match_id))).kind == "watch"


def test_a_match_that_is_not_shown_is_refused_and_costs_no_place_in_the_queue():
    scene = Scene(watch_delay_s=30)
    scene.comes(1)
    scene.says(1, CreateRoom("duel", ""))
    scene.says(1, StartRoom(1, 1))
    (private,) = scene.registry.by_id
    assert refusal(scene.says(1, WatchMatch(private))) == Refusal.MATCH
    public = scene.registry.create("duel", "small")
    (seat,) = scene.says(1, WatchMatch(public))
    assert isinstance(seat, Seat)
    assert seat.path == f"/replay/live/{public}"


def test_on_shutdown_all_people_are_notified_and_nothing_new_begins(scene: Scene):
    scene.comes(1)
    scene.comes(2)
    scene.says(2, Play("duel"))
    scene.lobby.announce_shutdown(30)
    assert scene.names_heard(1)[0] == "notice"
    assert refusal(scene.says(1, Play("duel"))) == Refusal.BUSY
    scene.wait(60.0)
    assert scene.registry.by_id == {}
    scene.lobby.close_all()
    scene.hears(1)
    assert scene.closed == {1: CloseCode.SHUTDOWN, 2: CloseCode.SHUTDOWN}
