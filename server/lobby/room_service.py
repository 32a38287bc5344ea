"""Private rooms: opening, joining, starting, leaving, and starting again after the match.

Owns: who may do what in a room, and when. Must not know: sockets, the queue. Invariant: every
change of a room is sent to all its connected members.
"""

import math

from attrs import define, field

from game.wire import lobby_messages
from game.wire.lobby_messages import CreateRoom, JoinRoom, RoomMember, StartRoom
from game.wire.messages import Refusal
from server.budget.costs import BOT, MATCH, WRONG_CODE
from server.lobby import codes
from server.lobby.context import LobbyContext
from server.lobby.people import Session
from server.lobby.rooms import Room, Rooms
from server.match.status import BotPolicy
from server.net.addresses import is_loopback, site


@define(eq=False)
class RoomService:
    """See the module."""

    context: LobbyContext
    rooms: Rooms
    guesses: codes.GuessGuard
    _unseated: dict[str, Session] = field(
        factory=dict
    )  # members whose room's match had no seat for them

    def open(self, session: Session, mode: str, map_name: str) -> None:
        """Make a room; an empty map name picks one with seats for a group of friends."""
        context = self.context
        if session.room is not None:
            context.refuse(session, CreateRoom, Refusal.STATE, "you are already in a room")
            return
        if mode not in context.catalog.modes:
            context.refuse(
                session, CreateRoom, Refusal.MODE, "this server does not offer that mode"
            )
            return
        fitting = [card.name for card in context.catalog.maps_for(mode)]
        friends = context.catalog.sizes[mode].preferred
        chosen = map_name or context.catalog.pick_map(mode, friends, context.rng)
        if chosen not in fitting:
            context.refuse(session, CreateRoom, Refusal.MAP, "that map does not suit this mode")
            return
        seats = context.catalog.seats(mode, chosen)
        if why_not := context.quotas.open_room(session):
            context.refuse(session, CreateRoom, Refusal.BUSY, why_not)
            return
        room = self.rooms.open(session.player_id, mode, chosen, seats)
        context.quotas.note_room(session, room.code if room is not None else "")
        if room is None:
            context.refuse(session, CreateRoom, Refusal.BUSY, "there are too many rooms right now")
            return
        session.room = room
        self.send_room(room)

    def join(self, session: Session, text: str, now_s: float) -> None:
        """Join a room by its code, and its match when one is running."""
        context = self.context
        keys: tuple[str, ...] = (f"session {session.player_id}",)
        # Behind a proxy that forwards no client addresses, all clients come from loopback.
        if not is_loopback(session.address):
            keys += (f"site {site(session.address)}",)
        wait_s = self.guesses.wait_s(keys, now_s)
        if wait_s > 0:
            words = f"too many wrong codes: try again in {math.ceil(wait_s)} s"
            context.refuse(session, JoinRoom, Refusal.RATE, words)
            return
        code = codes.normalise(text)
        room = self.rooms.by_code.get(code)
        if room is None:
            self.guesses.was_wrong(keys, now_s)
            session.pays(WRONG_CODE)
            shape = f"a room code has {codes.LENGTH} letters, like {codes.EXAMPLE}"
            words = "there is no room with this code" if code else shape
            context.refuse(session, JoinRoom, Refusal.ROOM, words)
            return
        if session.room is room:
            self.send_room_to(session)
            return
        if session.room is not None:
            context.refuse(session, JoinRoom, Refusal.STATE, "leave your room first")
            return
        if room.is_full():
            context.refuse(session, JoinRoom, Refusal.FULL, "this room is full")
            return
        room.members.append(session.player_id)
        session.room = room
        self.send_room(room)
        self.follow(session)

    def start(self, session: Session, bots: int, level: int) -> None:
        """Start a match for all members, which only the owner may; while one is running, seat the
        member who asks.
        """
        context, room = self.context, session.room
        if room is None:
            context.refuse(session, StartRoom, Refusal.STATE, "you are not in a room")
            return
        if context.seats.running(room.match_id) is not None:
            if why_not := context.seat(session, room.match_id):
                context.refuse(session, StartRoom, Refusal.FULL, why_not)
            return
        if not room.is_owner(session.player_id):
            context.refuse(session, StartRoom, Refusal.STATE, "only the room's owner can start")
            return
        if not context.may_begin(session, StartRoom):
            return
        # Bots fill the free seats, and give them up to members who come later.
        policy = BotPolicy(count=min(bots, room.seats - len(room.members)), level=level)
        if not session.pays(MATCH) or not session.pays(BOT, policy.count):
            context.refuse(session, StartRoom, Refusal.RATE, "too many requests: wait a moment")
            return
        match_id, why_not = context.begin(
            session, room.mode, room.map_name, private=True, bots=policy
        )
        if not match_id:
            context.refuse(session, StartRoom, Refusal.BUSY, why_not)
            return
        room.match_id = match_id
        for player_id in room.members:
            self.follow(context.people.by_player[player_id])

    def follow(self, session: Session) -> None:
        """Seat a connected member in the room's match, unless they were given a seat there
        before.
        """
        room = session.room
        if room is None or session.link is None or session.seat_match_id == room.match_id:
            return
        if self.context.seats.running(room.match_id) is None:
            return
        if self.context.seat(session, room.match_id):
            self._unseated[session.player_id] = session  # `retry_seats` tries again

    def retry_seats(self) -> None:
        """Try again to seat members for whom there was no seat, or whose address had too many."""
        unseated, self._unseated = self._unseated, {}
        for session in unseated.values():
            self.follow(session)

    def leave(self, session: Session, *, is_wish: bool = False) -> None:
        """Take a session out of its room; the next member in line may become its owner. When the
        last member leaves by choice (`is_wish`), the room's match ends, unless somebody is
        connected to it or may still come back to it.
        """
        room, session.room = session.room, None
        self._unseated.pop(session.player_id, None)
        if room is not None:
            self.rooms.leave(room, session.player_id)
            if not room.members:
                self.context.quotas.close_room(room.code)
            self.send_room(room)
            if is_wish and not room.members and room.match_id:
                self.context.seats.registry.abandon(room.match_id)

    def send_room(self, room: Room) -> None:
        """Send the room's state to all connected members."""
        people = self.context.people.by_player
        sessions = [people[player_id] for player_id in room.members]
        for owns in (True, False):
            told = [it for it in sessions if room.is_owner(it.player_id) == owns]
            self.context.send_all(told, self._state_of(room, owns))

    def send_room_to(self, session: Session) -> None:
        """Send a member the state of their room."""
        room = session.room
        assert room is not None, "only members are told"
        self.context.send(session, self._state_of(room, room.is_owner(session.player_id)))

    def _state_of(self, room: Room, owns: bool) -> lobby_messages.Room:
        people = self.context.people.by_player
        return lobby_messages.Room(
            room.code,
            room.mode,
            room.map_name,
            owner=int(owns),
            players_max=room.seats,
            members=tuple([RoomMember(people[player_id].name) for player_id in room.members]),
        )
