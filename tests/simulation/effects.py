"""A process that may die between any two of its effects on the outside.

Owns: whether it lives. Must not know: what an effect is. Invariant: after its death it has none.

The memory of a process is nobody else's business: so the moments at which its death can make a
difference are those between two effects (bytes to a socket, bytes to a file, a row in the store),
and they are all there are.
"""

from collections.abc import Callable

from attrs import define, field


@define(eq=False)
class Mortal:
    """See the module. `on_death` is called once, in the middle of whatever is going on."""

    on_death: Callable[[], None]
    effects_left: int = -1  # until it dies of its own; below zero: it does not
    is_dead: bool = False
    effect_count: int = field(default=0)

    def effect(self) -> bool:
        """Count one; False when there is none, because it is dead or just died."""
        if self.is_dead:
            return False
        self.effect_count += 1
        if self.effects_left > 0:
            self.effects_left -= 1
        elif self.effects_left == 0:
            self.die()
            return False
        return True

    def die(self) -> None:
        """Now, whatever is under way."""
        if not self.is_dead:
            self.is_dead = True
            self.on_death()
