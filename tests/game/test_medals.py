"""The medals and their winners."""

from game.events import Event, EventKind, Medal
from game.medals import award_medals
from tests.game.fights import fight, of_kind


def medals_of(*records: dict[str, int], first_blood: int = 0) -> list[list[Medal]]:
    """The medals of players with these records, by slot."""
    world = fight(*range(2, 2 + len(records)))
    world.first_blood = first_blood
    for player, record in zip(world.players.values(), records, strict=True):
        for name, value in record.items():
            setattr(player, name, value)
    events: list[Event] = []
    award_medals(world, events)
    given: list[list[Medal]] = [[] for _ in records]
    for slot, medal in of_kind(events, EventKind.MEDAL):
        given[slot].append(Medal(medal))
        assert world.players[slot].medals & 1 << medal
    return given


def test_first_blood_goes_to_the_player_who_drew_it() -> None:
    assert medals_of({}, {}, first_blood=2) == [[], [Medal.FIRST_BLOOD]]
    assert medals_of({}, {}, first_blood=-1) == [[], []]


def test_the_longest_streak_counts_from_three() -> None:
    assert medals_of({"streak_best": 2}, {}) == [[], []]
    assert medals_of({"streak_best": 3}, {"streak_best": 4}) == [[], [Medal.STREAK]]
    assert medals_of({"streak_best": 3}, {"streak_best": 3}) == [[Medal.STREAK], [Medal.STREAK]]


def test_a_sharpshooter_has_the_best_share_of_at_least_twenty_triggers() -> None:
    many, few = {"shots": 20, "hits": 10}, {"shots": 19, "hits": 19}
    assert medals_of(many, few) == [[Medal.SHARPSHOOTER], []]
    assert medals_of(many, {"shots": 40, "hits": 21}) == [[], [Medal.SHARPSHOOTER]]
    assert medals_of({"shots": 20}, {}) == [[], []]


def test_untouched_died_least_of_those_who_killed() -> None:
    assert medals_of({"kills": 1, "deaths": 2}, {"deaths": 0}) == [[Medal.UNTOUCHED], []]
    assert medals_of({"kills": 1, "deaths": 2}, {"kills": 1, "deaths": 1}) == [
        [],
        [Medal.UNTOUCHED],
    ]
