"""Pictures that were painted once and are needed again. Invariant: no more than `most` are kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

import pygame
from attrs import define, field


@define
class PictureCache:
    """By whatever names a picture; the one that was not needed for the longest time goes first."""

    most: int
    _pictures: OrderedDict[Hashable, pygame.Surface] = field(factory=OrderedDict)

    def get(self, key: Hashable, paint: Callable[[], pygame.Surface]) -> pygame.Surface:
        """The picture, painted if need be."""
        found = self._pictures.get(key)
        if found is None:
            found = self._pictures[key] = paint()
            if len(self._pictures) > self.most:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        return found

    def clear(self) -> None:
        """The colours or the sizes are others now."""
        self._pictures.clear()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._pictures)
