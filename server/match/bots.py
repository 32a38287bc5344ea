"""The bots of one match: they fill seats until people need them.

Owns: which slots are bots, and their brains. Must not know: sockets. A bot's input enters the match
like a person's, so a match with bots is a function of its journal too.
"""

from attrs import define, field

from game.arena import Arena
from game.inputs import Input
from server.match.rules import BotFactory, Brain, World
from server.names.reserved import BOT_NAMES, bot_alike

THINK_EVERY_TICKS = 2  # half of the bots each tick; their keys stay pressed in between


@define
class MatchBots:
    """Names and brains by slot. `begin_round` replaces `arena` and `seed`."""

    bot_factory: BotFactory
    arena: Arena
    seed: int
    level: int
    brains: dict[int, Brain] = field(factory=dict)
    names: dict[int, str] = field(factory=dict)
    _last: dict[int, Input] = field(factory=dict)
    _avoided: set[str] = field(factory=set)  # bot names like those of people in this match

    def avoid_name(self, name: str) -> None:
        """Rename any bot whose name resembles `name`, a person's, and never use that name again."""
        alike = bot_alike(name)
        if not alike:
            return
        self._avoided.add(alike)
        for slot, current in self.names.items():
            if current == alike:
                self.names[slot] = self._free_name(slot)

    def begin_round(self, arena: Arena, seed: int) -> None:
        """Give every bot a fresh brain for another round."""
        self.arena = arena
        self.seed = seed
        self._last.clear()
        self.brains = {slot: self._brain(slot) for slot in self.names}

    def renumber(self, first_slot: int, count: int) -> None:
        """Give `count` bots the slots from `first_slot` on, under their old names as far as those
        reach. Call `begin_round` afterwards: it makes their brains.
        """
        kept = [self.names[slot] for slot in sorted(self.names)][:count]
        self.names = dict(enumerate(kept, first_slot))
        for slot in range(first_slot + len(kept), first_slot + count):
            self.names[slot] = self._free_name(slot)

    def add(self, slot: int) -> None:
        """Seat a bot."""
        self.names[slot] = self._free_name(slot)
        self.brains[slot] = self._brain(slot)

    def remove(self, slot: int) -> None:
        """Remove the bot in `slot`."""
        del self.brains[slot], self.names[slot]
        self._last.pop(slot, None)

    def inputs(self, world: World) -> list[tuple[int, Input]]:
        """The bots' inputs for the next tick, by slot; only those that differ from the last."""
        changed: list[tuple[int, Input]] = []
        turn = world.tick % THINK_EVERY_TICKS
        seated = [
            slot
            for slot in self.brains
            if slot % THINK_EVERY_TICKS == turn and slot in world.players  # some join this tick
        ]
        for slot, perception in self.bot_factory.perceptions_of(world, seated):
            chosen = self.brains[slot].think(perception)
            if self._last.get(slot) != chosen:
                self._last[slot] = chosen
                changed.append((slot, chosen))
        return changed

    def _free_name(self, slot: int) -> str:
        taken = self._avoided.union(self.names.values())
        free = [name for name in BOT_NAMES if name not in taken]
        return free[(self.seed + slot) % len(free)] if free else f"Bot {slot}"

    def _brain(self, slot: int) -> Brain:
        return self.bot_factory.Brain(self.arena, self.level, self.seed, slot)
