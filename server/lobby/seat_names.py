"""Names in use in matches: each stays taken while its seat is held, even after its player has left
the lobby.

Owns: which names those are, as they were when the seat was given. Must not know: sessions, how a
match runs. Invariants: a name is taken only while the registry still has its seat, so giving up a
seat needs no report here; a lookup costs the same however many seats there are.
"""

import itertools
from collections.abc import Callable

from attrs import define, field, frozen

from server.names.lookalikes import keys_of

CHECKED_COUNT = 4  # players rechecked, whenever a seat is given, for whether they still hold theirs


@frozen(eq=False)
class NameInUse:
    """One player's name in one match."""

    player_id: str
    match_id: str
    keys: frozenset[str]


@define(eq=False)
class SeatNames:
    """See the module. `holds_seat` asks the registry about a match and a player."""

    holds_seat: Callable[[str, str], bool]
    _by_player: dict[str, dict[str, NameInUse]] = field(factory=dict)  # by player id, then match id
    _by_key: dict[str, set[NameInUse]] = field(factory=dict)

    def note(self, player_id: str, match_id: str, name: str) -> None:
        """Record a player's name before they are promised a seat. A seat that they already have
        in that match keeps its name.
        """
        self._check_some()
        if match_id in self._held_by(player_id):
            return
        in_use = NameInUse(player_id, match_id, frozenset(keys_of(name)))
        self._by_player.setdefault(player_id, {})[match_id] = in_use
        for key in in_use.keys:
            self._by_key.setdefault(key, set()).add(in_use)

    def has_seat(self, player_id: str) -> bool:
        """Whether this player holds a seat in any match."""
        return bool(self._held_by(player_id))

    def is_in_use(self, key: str, besides: str) -> bool:
        """Whether a player other than `besides` uses a name with this key in a match."""
        users = {it.player_id for it in self._by_key.get(key, ())} - {besides}
        for player_id in users:
            self._held_by(player_id)  # forgets seats that were given up
        return any(it.player_id != besides for it in self._by_key.get(key, ()))

    def __len__(self) -> int:
        """How many players are remembered."""
        return len(self._by_player)

    def _held_by(self, player_id: str) -> dict[str, NameInUse]:
        """The seats that a player still holds, by match; forgets the others."""
        mine = self._by_player.get(player_id, {})
        for match_id in [it for it in mine if not self.holds_seat(it, player_id)]:
            in_use = mine.pop(match_id)
            for key in in_use.keys:
                self._by_key[key].discard(in_use)
                if not self._by_key[key]:
                    del self._by_key[key]
        if not mine:
            self._by_player.pop(player_id, None)
        return mine

    def _check_some(self) -> None:
        """Check `CHECKED_COUNT` players, more than one for each new seat; forget given-up seats."""
        for player_id in list(itertools.islice(self._by_player, CHECKED_COUNT)):
            if mine := self._held_by(player_id):
                del self._by_player[player_id]
                self._by_player[player_id] = mine  # to the end of the line
