"""Names borne in matches: taken for as long as the seat is held, whoever has left the lobby.

Owns: which names those are, as they were when the seat was given. Must not know: sessions, how a
match runs. Invariants: only what the directory still has is taken, so nobody has to report here
when a seat is given up; a look costs the same however many seats there are.
"""

import itertools
from collections.abc import Callable

from attrs import define, field, frozen

from server.names.alike import keys_of

LOOKED_AT = 4  # players, whenever another seat is given: whether they still hold theirs


@frozen(eq=False)
class Borne:
    """One name in one match."""

    player_id: str
    match_id: str
    keys: frozenset[str]


@define(eq=False)
class SeatNames:
    """See the module. `holds_seat` asks the directory about a match and a player."""

    holds_seat: Callable[[str, str], bool]
    _by_player: dict[str, dict[str, Borne]] = field(factory=dict)  # and match
    _by_key: dict[str, set[Borne]] = field(factory=dict)

    def note(self, player_id: str, match_id: str, name: str) -> None:
        """This player is about to be promised a seat. One that they have there keeps its name."""
        self._look_at_some()
        if match_id in self._held_by(player_id):
            return
        borne = Borne(player_id, match_id, frozenset(keys_of(name)))
        self._by_player.setdefault(player_id, {})[match_id] = borne
        for key in borne.keys:
            self._by_key.setdefault(key, set()).add(borne)

    def has_seat(self, player_id: str) -> bool:
        """Whether this player holds a seat in any match."""
        return bool(self._held_by(player_id))

    def is_borne(self, key: str, besides: str) -> bool:
        """Whether a player other than `besides` bears a name with this key in a match."""
        bearers = {it.player_id for it in self._by_key.get(key, ())} - {besides}
        for player_id in bearers:
            self._held_by(player_id)  # forgets those that are given up
        return any(it.player_id != besides for it in self._by_key.get(key, ()))

    def __len__(self) -> int:
        """How many players are remembered."""
        return len(self._by_player)

    def _held_by(self, player_id: str) -> dict[str, Borne]:
        """The seats of a player by match, those alone that they still hold."""
        mine = self._by_player.get(player_id, {})
        for match_id in [it for it in mine if not self.holds_seat(it, player_id)]:
            borne = mine.pop(match_id)
            for key in borne.keys:
                self._by_key[key].discard(borne)
                if not self._by_key[key]:
                    del self._by_key[key]
        if not mine:
            self._by_player.pop(player_id, None)
        return mine

    def _look_at_some(self) -> None:
        """Forget a few that are given up: more than one for each that comes."""
        for player_id in list(itertools.islice(self._by_player, LOOKED_AT)):
            if mine := self._held_by(player_id):
                del self._by_player[player_id]
                self._by_player[player_id] = mine  # behind the others
