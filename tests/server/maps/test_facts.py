"""The facts reported about a map are true."""

from server.maps import facts as map_facts
from server.maps.facts import facts_of
from tests.strategies import HALL, arena_from


def test_the_facts_of_an_empty_hall() -> None:
    facts = facts_of(arena_from(HALL))
    assert (facts.columns, facts.rows, facts.floor_tiles) == (14, 7, 60)
    assert (facts.spawns, facts.pickups) == (4, 0)
    assert facts.sight_tiles == 12  # from corner to corner: the root of 12² + 5² is 13, less a rim


def test_a_wall_across_halves_the_longest_line() -> None:
    hall = HALL.strip().splitlines()
    parted = "\n".join(row[:7] + "#" + row[8:] for row in hall)
    assert facts_of(arena_from(parted)).sight_tiles < 9


def test_a_large_map_is_looked_at_from_a_bounded_number_of_tiles(monkeypatch) -> None:
    arena = arena_from("\n".join(["#" * 60, *["#" + "." * 58 + "#"] * 58, "#" * 60]))
    looked_from: list[int] = []
    monkeypatch.setattr(map_facts, "_longest_line", lambda _, index: looked_from.append(index) or 0)
    facts_of(arena)
    assert map_facts.LOOKED_FROM_MAX // 2 <= len(looked_from) <= map_facts.LOOKED_FROM_MAX
