"""Bots from round to round: the same names in other seats, each with one new mind."""

from collections.abc import Iterable

from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from server.match.bots import BOT_NAMES, BotCrew
from tests import toy_game
from tests.server.match.fakes import HALLS

slots = st.integers(0, 31)
crews = st.sets(slots, max_size=len(BOT_NAMES))


@define
class CountingMinds:
    """Minds of the toy game, and what each was made for."""

    made: list[tuple[str, int, int]] = field(factory=list)

    def Brain(self, arena: Arena, level: int, seed: int, slot: int) -> toy_game.Brain:  # noqa: N802
        self.made.append((arena.name, seed, slot))
        return toy_game.Brain(arena, level, seed, slot)

    def sights_of(
        self, world: toy_game.ToyWorld, slots: Iterable[int]
    ) -> list[tuple[int, toy_game.ToyWorld]]:
        return toy_game.sights_of(world, slots)


@given(crews, slots, st.integers(0, len(BOT_NAMES)))
def test_another_round_keeps_names_in_order_and_makes_each_bot_one_mind(
    taken: set[int], first_slot: int, count: int
) -> None:
    minds = CountingMinds()
    crew = BotCrew(minds, HALLS["hall"], 1, 3)
    for slot in sorted(taken):
        crew.add(slot)
    before = list(crew.names.values())
    minds.made.clear()

    crew.renumber(first_slot, count)
    crew.muster(HALLS["annex"], 2)

    seats = range(first_slot, first_slot + count)
    names = [crew.names[slot] for slot in seats]
    assert names[: len(before)] == before[:count]
    assert len(set(names)) == len(crew.names) == count
    assert minds.made == [("annex", 2, slot) for slot in seats]
    assert list(crew.brains) == list(seats)
