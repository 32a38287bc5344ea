"""A cache of painted pictures. Invariant: no more than `most` are kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

import pygame
from attrs import define, field


@define
class PictureCache:
    """Pictures by any key; the least recently used one is dropped first."""

    most: int
    _pictures: OrderedDict[Hashable, pygame.Surface] = field(factory=OrderedDict)

    def get(self, key: Hashable, paint: Callable[[], pygame.Surface]) -> pygame.Surface:
        """The picture of a key, painted if it is not kept."""
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = paint()
            if len(self._pictures) > self.most:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        return found

    def clear(self) -> None:
        """Drop all pictures: the colours or the sizes changed."""
        self._pictures.clear()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._pictures)
