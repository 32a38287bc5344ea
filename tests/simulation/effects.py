"""A process that may die between any two of its effects on the outside.

Owns: whether it is alive. Must not know: what an effect is. Invariant: after its death it has none.

Nothing outside a process sees its memory. So its death can make a difference only between two
effects (bytes to a socket, bytes to a file, a row in the store), and those moments are all there
are to test.
"""

from collections.abc import Callable

from attrs import define, field


@define(eq=False)
class Mortal:
    """See the module. `on_death` is called once, in the middle of whatever is running."""

    on_death: Callable[[], None]
    effects_left: int = -1  # until it dies by itself; negative: never
    is_dead: bool = False
    effect_count: int = field(default=0)

    def effect(self) -> bool:
        """Count one effect; False when the process is dead or just died, so there is none."""
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
        """Die now, whatever is running."""
        if not self.is_dead:
            self.is_dead = True
            self.on_death()
