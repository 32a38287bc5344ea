"""Whatever a crowd does, the lobby keeps its invariants and sends only what the table allows."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from game.wire.codec import decode, encode
from game.wire.lobby_messages import (
    Cancel,
    CreateRoom,
    Hello,
    JoinMatch,
    JoinRoom,
    LeaveRoom,
    ListMatches,
    Play,
    Rename,
    StartRoom,
    WatchMatch,
    Welcome,
)
from game.wire.schema import FromLobby, ToLobby
from server.config.settings import LobbySettings
from server.lobby.effects import Send
from server.names.lookalikes import keys_of
from tests.server.lobby.fakes import FINGERPRINT, FakeMatchRegistry, Scene

LINKS = st.integers(1, 6)
MODES = st.sampled_from(["deathmatch", "duel", "chess"])
MAPS = st.sampled_from(["", "small", "middle", "nowhere"])


class Crowd(RuleBasedStateMachine):
    """Up to six people, a small server, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        limits = LobbySettings(sessions_max=5, rooms_max=2, wrong_codes_max=3)
        self.scene = Scene(FakeMatchRegistry(matches_max=3), limits)
        self.lobby = self.scene.lobby
        self.open: set[int] = set()
        self.tokens: list[bytes] = [b""]

    @rule(link=LINKS, name=st.text(max_size=16), number=st.integers(0, 9))
    def comes(self, link: int, name: str, number: int) -> None:
        if link not in self.open:
            self.lobby.connect(link, f"address {link % 2}")
            self.open.add(link)
        token = self.tokens[number % len(self.tokens)]
        self.lobby.receive(link, Hello(FINGERPRINT, name, token), self.scene.now_s)

    @rule(link=LINKS)
    def goes(self, link: int) -> None:
        if link in self.open:
            self.open.discard(link)
            self.lobby.drop(link, self.scene.now_s)

    @rule(link=LINKS, mode=MODES)
    def plays(self, link: int, mode: str) -> None:
        self._say(link, Play(mode))

    @rule(link=LINKS, message=st.sampled_from([Cancel(), LeaveRoom(), ListMatches()]))
    def says(self, link: int, message: ToLobby) -> None:
        self._say(link, message)

    @rule(link=LINKS, mode=MODES, map_name=MAPS)
    def opens_a_room(self, link: int, mode: str, map_name: str) -> None:
        self._say(link, CreateRoom(mode, map_name))

    @rule(link=LINKS, number=st.integers(0, 2))
    def joins_a_room(self, link: int, number: int) -> None:
        codes = [*self.lobby.room_service.rooms.by_code, "ZZZ-ZZZ-ZZZ", "zzzzzzzzz", "wrong"]
        self._say(link, JoinRoom(codes[number]))

    @rule(link=LINKS, bots=st.integers(0, 15))
    def starts(self, link: int, bots: int) -> None:
        self._say(link, StartRoom(bots, 3))

    @rule(link=LINKS, kind=st.sampled_from([JoinMatch, WatchMatch]), number=st.integers(0, 3))
    def picks_a_match(self, link: int, kind: type[JoinMatch | WatchMatch], number: int) -> None:
        matches = [*self.scene.registry.by_id, "gone", "gone", "gone", "gone"]
        self._say(link, kind(matches[number]))

    @rule(link=LINKS, name=st.text(max_size=16))
    def renames(self, link: int, name: str) -> None:
        self._say(link, Rename(name))

    @rule(number=st.integers(0, 2))
    def a_match_ends(self, number: int) -> None:
        matches = list(self.scene.registry.by_id)
        if number < len(matches):
            self.scene.registry.end(matches[number])

    @rule(seconds=st.sampled_from([0.0, 0.3, 1.0, 5.0, 40.0]))
    def time_passes(self, seconds: float) -> None:
        self.scene.now_s += seconds
        self.lobby.pass_time(self.scene.now_s)
        for session in self.lobby.queue.waiting.values():
            waited_s = self.scene.now_s - session.waiting.joined_s
            assert session.link is None or waited_s < self.scene.settings.bot_fill_after_s

    @invariant()
    def only_what_the_table_allows_is_said(self) -> None:
        for effect in self.lobby.take_effects():
            if isinstance(effect, Send):
                message = decode(FromLobby, encode(effect.message))
                assert message == effect.message
                if isinstance(message, Welcome):
                    self.tokens.append(message.session)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        people = self.lobby.context.people.by_player
        for session in people.values():
            assert session.waiting is None or session.room is None
            assert (session.player_id in self.lobby.queue.waiting) == (session.waiting is not None)
        assert set(self.lobby.queue.waiting) <= set(people)

    @invariant()
    def rooms_and_members_agree(self) -> None:
        people = self.lobby.context.people.by_player
        for code, room in self.lobby.room_service.rooms.by_code.items():
            assert room.code == code
            assert 1 <= len(room.members) <= room.seats
            assert len(set(room.members)) == len(room.members)
            assert all(people[player_id].room is room for player_id in room.members)
        for session in people.values():
            if session.room is not None:
                assert session.player_id in session.room.members
                assert self.lobby.room_service.rooms.by_code[session.room.code] is session.room

    @invariant()
    def every_bound_holds_and_names_differ(self) -> None:
        limits, statistics = self.scene.settings, self.lobby.statistics()
        assert statistics.sessions <= limits.sessions_max
        assert statistics.rooms <= limits.rooms_max
        assert statistics.links == len(self.open)
        people = self.lobby.context.people
        keys = [set(keys_of(it.name)) for it in people.by_player.values()]
        assert len(set().union(*keys)) == sum(map(len, keys)) == people.name_key_count()

    @invariant()
    def names_in_matches_are_nobody_elses(self) -> None:
        bearers: dict[str, set[str]] = {}
        seat_names = self.lobby.context.seat_names
        for session in self.lobby.context.people.by_player.values():
            for key in keys_of(session.name):
                bearers.setdefault(key, set()).add(session.player_id)
        for player_id, seats in seat_names._by_player.items():
            for match_id, borne in seats.items():
                if self.scene.registry.holds_seat(match_id, player_id):
                    for key in borne.keys:
                        bearers.setdefault(key, set()).add(player_id)
        assert all(len(them) == 1 for them in bearers.values())

    def teardown(self) -> None:
        for link in list(self.open):
            self.goes(link)
        self.lobby.forget_all()
        left = self.lobby.statistics()
        assert (left.links, left.sessions, left.queued, left.rooms) == (0, 0, 0, 0)

    def _say(self, link: int, message: ToLobby) -> None:
        if link in self.open and self.lobby.has_said_hello(link):
            self.lobby.receive(link, message, self.scene.now_s)


TestCrowd = pytest.mark.slow(Crowd.TestCase)
TestCrowd.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
