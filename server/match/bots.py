"""The bots of one match: seats kept warm by brains, given up to people.

Owns: which slots are bots, and their brains. Must not know: sockets. A bot's input enters the match
as a person's does, so a match with bots is the same function of its journal.
"""

from attrs import define, field

from game.arena import Arena
from game.inputs import Input
from server.match.rules import BotFactory, Brain, World
from server.names.house import BOT_NAMES, bot_alike

THINK_EVERY_TICKS = 2  # half of them each tick; what they press stays pressed


@define
class BotCrew:
    """Names and brains by slot. `arena` and `seed` change with the round, through `muster`."""

    bot_factory: BotFactory
    arena: Arena
    seed: int
    level: int
    brains: dict[int, Brain] = field(factory=dict)
    names: dict[int, str] = field(factory=dict)
    _last: dict[int, Input] = field(factory=dict)
    _shunned: set[str] = field(factory=set)  # names that people of this match bear

    def shun(self, name: str) -> None:
        """Somebody called `name` sits down: no bot bears a name like it from now on."""
        alike = bot_alike(name)
        if not alike:
            return
        self._shunned.add(alike)
        for slot, borne in self.names.items():
            if borne == alike:
                self.names[slot] = self._free_name(slot)

    def muster(self, arena: Arena, seed: int) -> None:
        """Give every bot a fresh brain for another round."""
        self.arena = arena
        self.seed = seed
        self._last.clear()
        self.brains = {slot: self._brain(slot) for slot in self.names}

    def renumber(self, first_slot: int, count: int) -> None:
        """Keep `count` of the names, or find as many, in the slots from `first_slot` on; their
        brains come with `muster`, which has to follow.
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
        """The seat is needed."""
        del self.brains[slot], self.names[slot]
        self._last.pop(slot, None)

    def inputs(self, world: World) -> list[tuple[int, Input]]:
        """What the bots want for the next tick, where it differs from what they wanted before."""
        changed: list[tuple[int, Input]] = []
        turn = world.tick % THINK_EVERY_TICKS
        seated = [
            slot
            for slot in self.brains
            if slot % THINK_EVERY_TICKS == turn and slot in world.players  # some join just now
        ]
        for slot, perception in self.bot_factory.perceptions_of(world, seated):
            wish = self.brains[slot].think(perception)
            if self._last.get(slot) != wish:
                self._last[slot] = wish
                changed.append((slot, wish))
        return changed

    def _free_name(self, slot: int) -> str:
        taken = self._shunned.union(self.names.values())
        free = [name for name in BOT_NAMES if name not in taken]
        return free[(self.seed + slot) % len(free)] if free else f"Bot {slot}"

    def _brain(self, slot: int) -> Brain:
        return self.bot_factory.Brain(self.arena, self.level, self.seed, slot)
