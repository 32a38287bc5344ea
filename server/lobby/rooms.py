"""Private rooms: a code, an owner, members, and at most one match at a time.

Owns: who is in which room. Must not know: sockets, sessions, matches beyond their id. Invariants: a
room has at least one member and never more than its seats; its owner is the member who has been in
it longest.
"""

import random

from attrs import define, field

from server.lobby.codes import new_code


@define(eq=False)
class Room:
    """Members are player ids in order of arrival; the first is the owner."""

    code: str
    mode: str
    map_name: str
    seats: int
    members: list[str]
    match_id: str = ""  # the last match started, which may have ended

    def is_owner(self, player_id: str) -> bool:
        """Whether this member is the owner."""
        return self.members[0] == player_id

    def is_full(self) -> bool:
        """Whether the room is full."""
        return len(self.members) >= self.seats


@define
class Rooms:
    """All rooms by code."""

    rooms_max: int
    rng: random.Random  # with the system's, no code can be predicted from earlier ones
    by_code: dict[str, Room] = field(factory=dict)

    def open(self, player_id: str, mode: str, map_name: str, seats: int) -> Room | None:
        """Make a room with its owner in it; None when there are too many rooms."""
        if len(self.by_code) >= self.rooms_max:
            return None
        room = Room(new_code(self.by_code, self.rng), mode, map_name, seats, [player_id])
        self.by_code[room.code] = room
        return room

    def leave(self, room: Room, player_id: str) -> None:
        """Take a member out; the room is deleted when the last one leaves."""
        room.members.remove(player_id)
        if not room.members:
            del self.by_code[room.code]
