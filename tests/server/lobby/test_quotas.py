"""Quotas of one address: reserved seats, matches, bots."""

from attrs import define, field

from game.wire.lobby_messages import (
    CreateRoom,
    Hello,
    JoinMatch,
    JoinRoom,
    LeaveRoom,
    ListMatches,
    Play,
    Refused,
    Room,
    StartRoom,
)
from game.wire.messages import CloseCode, Refusal
from server.budget.ledger import ArrivalLimits, Ledger, Source
from server.budget.settings import BudgetSettings
from server.config.settings import LobbySettings
from tests.server.lobby.fakes import FINGERPRINT, FakeMatchRegistry, Scene, refusal, the

BUDGET = BudgetSettings(
    reservations_per_address=3,
    matches_per_address=2,
    bots_per_address=4,
    session_burst_ms=10_000.0,
    address_burst_ms=60_000.0,
)


@define
class Town:
    """A lobby whose players' addresses have accounts."""

    budget: BudgetSettings = BUDGET
    scene: Scene = field(init=False)
    ledger: Ledger = field(init=False)
    _links: int = 0

    def __attrs_post_init__(self) -> None:
        settings = LobbySettings(bot_fill_after_s=0.0, bots=2)
        self.scene = Scene(FakeMatchRegistry(), settings)
        arrivals = ArrivalLimits(1_000, 1_000, 1_000)
        self.ledger = Ledger(self.budget, arrivals, lambda: self.scene.now_s)
        self.scene.lobby.ledger = self.scene.lobby.context.quotas.ledger = self.ledger

    def source(self, address: str) -> Source:
        source = self.ledger.source(address)
        assert source is not None
        return source

    def comes(self, address: str = "a", name: str = "") -> int:
        self._links += 1
        self.scene.lobby.connect(self._links, address, self.source(address))
        self.scene.says(self._links, Hello(FINGERPRINT, name, b""))
        return self._links

    def wait(self, seconds: float) -> None:
        self.scene.wait(seconds)


def test_people_of_one_address_keep_few_seats_waiting() -> None:
    town = Town()
    match_id = town.scene.registry.create("deathmatch", "middle")
    heard = [town.scene.says(town.comes(), JoinMatch(match_id)) for _ in range(4)]
    assert [answers[-1].spec.name for answers in heard] == ["seat", "seat", "seat", "refused"]
    assert "from your address" in the(Refused, heard[3]).text
    assert town.scene.says(town.comes("b"), JoinMatch(match_id))[-1].spec.name == "seat"


def test_seats_that_were_taken_or_given_up_do_not_count() -> None:
    town = Town()
    match_ids = [town.scene.registry.create("deathmatch", "middle") for _ in range(2)]
    for _ in range(3):
        town.scene.says(town.comes(), JoinMatch(match_ids[0]))
    town.scene.registry.everybody_comes()
    assert town.scene.says(town.comes(), JoinMatch(match_ids[1]))[-1].spec.name == "seat"
    assert town.source("a").held["reservations"] == 1


def test_a_person_has_one_seat_on_the_way_the_newest() -> None:
    town = Town()
    registry = town.scene.registry
    match_ids = [registry.create("duel", "small") for _ in range(5)]
    greedy = town.comes()
    for match_id in match_ids:
        assert town.scene.says(greedy, JoinMatch(match_id))[-1].spec.name == "seat"
    assert [len(registry.seated[match_id]) for match_id in match_ids] == [0, 0, 0, 0, 1]
    assert town.source("a").held["reservations"] == 1


def test_matches_begun_at_one_address_are_few_until_they_end() -> None:
    town = Town()
    for _ in range(3):
        link = town.comes()
        town.scene.says(link, CreateRoom("duel", "small"))
        answers = town.scene.says(link, StartRoom(0, 3))
    assert refusal(answers) is Refusal.BUSY
    assert len(town.scene.registry.by_id) == 2
    town.scene.registry.end(next(iter(town.scene.registry.by_id)))
    assert town.scene.says(link, StartRoom(0, 3))[-1].spec.name == "seat"


def test_quick_play_counts_too_and_says_why_not() -> None:
    town = Town()
    for _ in range(2):
        town.scene.says(town.comes(), Play("duel"))
        town.wait(1)
        town.scene.registry.everybody_comes()
        for match_id in town.scene.registry.by_id:
            town.scene.registry.reserve(match_id, "somebody else", 10)
    link = town.comes()
    town.scene.says(link, Play("duel"))
    town.wait(1)
    assert "from your address" in the(Refused, town.scene.hears(link)).text


def test_bots_in_rooms_are_counted_for_each_address() -> None:
    town = Town()
    for expected in ("seat", "refused"):
        link = town.comes()
        town.scene.says(link, CreateRoom("deathmatch", "middle"))
        assert town.scene.says(link, StartRoom(3, 3))[-1].spec.name == expected
    assert town.source("a").held["bots"] == 3
    assert town.source("a").held["matches"] == 1


def test_a_match_ends_when_its_room_is_left() -> None:
    town = Town()
    link = town.comes()
    town.scene.says(link, CreateRoom("duel", "small"))
    town.scene.says(link, StartRoom(1, 3))
    town.scene.says(link, LeaveRoom())
    assert not town.scene.registry.by_id
    town.wait(1)
    assert dict(town.source("a").held) == {"sessions": 1}


def test_members_of_a_room_who_found_too_many_of_their_address_waiting_are_seated_later() -> None:
    town = Town()
    links = [town.comes() for _ in range(4)]
    code = the(Room, town.scene.says(links[0], CreateRoom("deathmatch", "middle"))).code
    for link in links[1:]:
        town.scene.says(link, JoinRoom(code))
    town.scene.says(links[0], StartRoom(0, 3))
    assert "seat" not in town.scene.names_heard(links[3])
    town.scene.registry.everybody_comes()
    town.wait(1)
    assert "seat" in town.scene.names_heard(links[3])


def test_an_address_without_limits_is_not_counted() -> None:
    town = Town()
    match_id = town.scene.registry.create("deathmatch", "middle")
    for link in range(100, 104):
        town.scene.lobby.connect(link, "local", None)
        town.scene.says(link, Hello(FINGERPRINT, "", b""))
        assert town.scene.says(link, JoinMatch(match_id))[-1].spec.name == "seat"


def test_an_overdrawn_client_is_told_to_wait_and_may_continue() -> None:
    town = Town(BudgetSettings(session_ms_per_s=1, session_burst_ms=10))
    link = town.comes()
    for _ in range(100):
        answers = town.scene.says(link, ListMatches())
    assert refusal(answers) is Refusal.RATE
    town.wait(10)
    assert town.scene.says(link, ListMatches())[-1].spec.name == "matches"


def test_private_rooms_leave_some_matches_for_quick_play() -> None:
    town = Town(BudgetSettings(matches_per_address=100))
    town.scene.registry.matches_max = 4
    seats = town.scene.lobby.seats
    object.__setattr__(seats, "private_share", 0.75)
    for expected in ("seat", "seat", "seat", "refused"):
        link = town.comes()
        town.scene.says(link, CreateRoom("duel", "small"))
        assert town.scene.says(link, StartRoom(0, 3))[-1].spec.name == expected
    link = town.comes("b")
    town.scene.says(link, Play("duel"))
    town.wait(1)
    assert "seat" in town.scene.names_heard(link)


def test_no_player_is_refused_because_of_others_in_the_match() -> None:
    town = Town()
    for _ in range(BUDGET.matches_per_address):
        link = town.comes()
        town.scene.says(link, CreateRoom("duel", "small"))
        town.scene.says(link, StartRoom(0, 3))
    greedy, ann, bea = town.comes(), town.comes("b"), town.comes("c")
    for link in (greedy, ann, bea):
        town.scene.lobby.receive(link, Play("duel"), town.scene.now_s)
    town.wait(1)
    assert "refused" in town.scene.names_heard(greedy)
    for link in (ann, bea):
        heard = town.scene.names_heard(link)
        assert "refused" not in heard
        assert "seat" in heard


def test_rooms_and_people_of_one_address_are_few_and_come_back() -> None:
    town = Town(BudgetSettings(rooms_per_address=2, sessions_per_address=4))
    links = [town.comes() for _ in range(4)]
    answers = [town.scene.says(link, CreateRoom("duel", "small")) for link in links]
    assert [each[-1].spec.name for each in answers] == ["room", "room", "refused", "refused"]
    town.scene.says(links[0], LeaveRoom())
    assert town.scene.says(links[2], CreateRoom("duel", "small"))[-1].spec.name == "room"
    fifth = town.comes()
    assert town.scene.closed[fifth] == CloseCode.FULL
    town.comes("b")
    for link in links:
        town.scene.goes(link)
    town.wait(60)
    assert not town.source("a").held.total()


def test_a_match_outlives_a_room_whose_last_member_only_lost_the_connection() -> None:
    town = Town()
    link = town.comes()
    town.scene.says(link, CreateRoom("duel", "small"))
    town.scene.says(link, StartRoom(1, 3))
    town.scene.goes(link)
    town.wait(60)
    assert len(town.scene.registry.by_id) == 1
