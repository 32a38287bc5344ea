"""Whatever a crowd does, the lobby keeps its invariants and sends only what the table allows."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from game.wire.codec import decode_from_server, encode
from game.wire.messages import Channel, Sender
from server.config.settings import LobbySettings
from server.lobby.effects import Send
from server.names.alike import keys_of
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
        self.lobby.receive(link, "hello", (FINGERPRINT, name, token), self.scene.now_s)

    @rule(link=LINKS)
    def goes(self, link: int) -> None:
        if link in self.open:
            self.open.discard(link)
            self.lobby.drop(link, self.scene.now_s)

    @rule(link=LINKS, mode=MODES)
    def plays(self, link: int, mode: str) -> None:
        self._say(link, "play", mode)

    @rule(link=LINKS, word=st.sampled_from(["cancel", "leave_room", "list_matches"]))
    def says(self, link: int, word: str) -> None:
        self._say(link, word)

    @rule(link=LINKS, mode=MODES, map_name=MAPS)
    def opens_a_room(self, link: int, mode: str, map_name: str) -> None:
        self._say(link, "create_room", mode, map_name)

    @rule(link=LINKS, number=st.integers(0, 2))
    def joins_a_room(self, link: int, number: int) -> None:
        codes = [*self.lobby.room_service.rooms.by_code, "ZZZ-ZZZ-ZZZ", "zzzzzzzzz", "wrong"]
        self._say(link, "join_room", codes[number])

    @rule(link=LINKS, bots=st.integers(0, 15))
    def starts(self, link: int, bots: int) -> None:
        self._say(link, "start_room", bots, 3)

    @rule(link=LINKS, word=st.sampled_from(["join_match", "watch_match"]), number=st.integers(0, 3))
    def picks_a_match(self, link: int, word: str, number: int) -> None:
        matches = [*self.scene.registry.by_id, "gone", "gone", "gone", "gone"]
        self._say(link, word, matches[number])

    @rule(link=LINKS, name=st.text(max_size=16))
    def renames(self, link: int, name: str) -> None:
        self._say(link, "rename", name)

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
                data = encode(Channel.LOBBY, Sender.SERVER, effect.name, *effect.fields)
                name, fields = decode_from_server(Channel.LOBBY, data)
                assert name == effect.name
                if name == "welcome":
                    self.tokens.append(fields[2])

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

    def _say(self, link: int, name: str, *fields: object) -> None:
        if link in self.open and self.lobby.has_said_hello(link):
            self.lobby.receive(link, name, fields, self.scene.now_s)


TestCrowd = pytest.mark.slow(Crowd.TestCase)
TestCrowd.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
