"""Bots keep their names from round to round, in other seats, each with one new brain."""

from collections.abc import Iterable

from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from game.world import MatchConfig
from server.match.bots import BOT_NAMES, THINK_EVERY_TICKS, MatchBots
from tests import toy_game
from tests.server.match.fakes import HALLS

CONFIG = MatchConfig("toy", "hall", 1, 1, 32, 10**9, 10**9)
slots = st.integers(0, 31)
seated_bots = st.sets(slots, max_size=len(BOT_NAMES))


@define
class CountingBotFactory:
    """The toy game's bot factory, with a record of what each brain was made for."""

    made: list[tuple[str, int, int]] = field(factory=list)
    asked: list[int] = field(factory=list)  # slots whose perceptions were asked for

    def Brain(self, arena: Arena, level: int, seed: int, slot: int) -> toy_game.Brain:  # noqa: N802
        self.made.append((arena.name, seed, slot))
        return toy_game.Brain(arena, level, seed, slot)

    def perceptions_of(
        self, world: toy_game.ToyWorld, slots: Iterable[int]
    ) -> list[tuple[int, toy_game.ToyWorld]]:
        self.asked += slots
        return toy_game.perceptions_of(world, slots)


@given(seated_bots, slots, st.integers(0, len(BOT_NAMES)))
def test_another_round_keeps_names_in_order_and_makes_each_bot_one_brain(
    taken: set[int], first_slot: int, count: int
) -> None:
    bot_factory = CountingBotFactory()
    bots = MatchBots(bot_factory, HALLS["hall"], 1, 3)
    for slot in sorted(taken):
        bots.add(slot)
    before = list(bots.names.values())
    bot_factory.made.clear()

    bots.renumber(first_slot, count)
    bots.begin_round(HALLS["annex"], 2)

    seats = range(first_slot, first_slot + count)
    names = [bots.names[slot] for slot in seats]
    assert names[: len(before)] == before[:count]
    assert len(set(names)) == len(bots.names) == count
    assert bot_factory.made == [("annex", 2, slot) for slot in seats]
    assert list(bots.brains) == list(seats)


@given(seated_bots, st.integers(0, 1_000))
def test_each_bot_thinks_once_in_so_many_ticks_and_half_of_them_in_each(
    taken: set[int], first_tick: int
) -> None:
    bot_factory = CountingBotFactory()
    bots = MatchBots(bot_factory, HALLS["hall"], 1, 3)
    for slot in sorted(taken):
        bots.add(slot)
    world = toy_game.new(CONFIG, HALLS["hall"])
    world.players = {slot: toy_game.ToyPlayer(slot) for slot in sorted(taken)}
    for world.tick in range(first_tick, first_tick + THINK_EVERY_TICKS):
        bots.inputs(world)
    assert sorted(bot_factory.asked) == sorted(taken)
    assert bot_factory.asked == sorted(
        bot_factory.asked, key=lambda slot: (slot - first_tick) % THINK_EVERY_TICKS
    )


@given(slots.filter(bool), st.sampled_from(BOT_NAMES))
def test_no_bot_bears_the_name_of_a_person_in_its_match(slot: int, name: str) -> None:
    bots = MatchBots(CountingBotFactory(), HALLS["hall"], 1, 3)
    for each in range(len(BOT_NAMES)):
        bots.add(each)
    bots.avoid_name(f"{name.upper()}\u200b")
    assert name not in bots.names.values()
    assert len(set(bots.names.values())) == len(BOT_NAMES)
    bots.remove(0)
    bots.add(slot + len(BOT_NAMES))
    assert name not in bots.names.values()
