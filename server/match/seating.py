"""The seats of one match: people, bots and reservations, and the commands that tell the rules.

Owns: the slots of one match. Must not know: the world (it is told scores), Trio, bytes on sockets.
Invariant: a slot belongs to one person or one bot or nobody; people + reservations never exceed the
seats.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from game.inputs import Command, CommandKind
from game.journal.records import Person
from game.tuning import TICKS_PER_SECOND
from game.wire.messages import CloseCode, Refusal
from server.budget.leases import LeasePool
from server.match.bots import MatchBots
from server.match.inbox import InputBuffer
from server.match.members import NOT_DROPPED, ConnectionHandle, Member
from server.match.settings import MatchSettings
from server.match.status import BotPolicy

WATCHING = -1
LOST_LEASE = "your address has the most spectators here, and another address needed a place"
JOIN_AS_BOT = 1  # bit 0 of a JOIN command's value


@frozen
class Entrant:
    """A player or spectator who connects with a valid ticket. `slot` only distinguishes a resuming
    player from a resuming watcher.
    """

    player_id: str
    name: str
    kind: str  # play, watch or resume; again, watch_again: that ticket was used here before
    slot: int
    nonce: bytes  # in their ticket
    fresh_nonce: bytes  # in their next resume ticket
    holder: Any = None  # their address; None: unknown

    @property
    def is_watching(self) -> bool:
        """Whether they come to watch."""
        is_back = self.kind == "resume" and self.slot == WATCHING
        return is_back or self.kind in ("watch", "watch_again")


class AdmissionError(Exception):
    """The reason for refusing an entrant, in words and as codes for the wire."""

    def __init__(self, code: CloseCode, refusal: Refusal, text: str) -> None:
        """`code` closes the connection; `refusal` and `text` are sent before that."""
        super().__init__(text)
        self.code, self.refusal, self.text = code, refusal, text


class Seating:
    """See the module. Time is counted in ticks of the match's age, which no new round resets."""

    def __init__(
        self,
        settings: MatchSettings,
        bots: tuple[BotPolicy, MatchBots],
        seats: int,
        bot_priority: Callable[[int], int],
        on_vacate: Callable[[Member], None],
    ) -> None:
        """Begin empty. The bot whose slot has the lowest `bot_priority` is removed first;
        `on_vacate` is called before a seat becomes free.
        """
        self.settings = settings
        self.policy, self.bots = bots
        self.seats = seats
        self.bot_priority = bot_priority
        self.on_vacate = on_vacate
        self.input_buffer = InputBuffer()  # of all players
        self.players: dict[int, Member] = {}  # by slot, ascending
        self.watchers: list[Member] = []
        self.leases = LeasePool(settings.watchers_max)  # of watchers
        self.reserved: dict[str, int] = {}  # player id → age at which the reservation ends
        self.commands: list[Command] = []  # for the next step
        self.roster_changed = True  # since it was last sent; also when a welcome is due
        self.people_changed = True  # since the journal last recorded them
        self._connected: tuple[Member, ...] | None = None  # connected members; None: recompute
        # Ticket nonces of watchers whose connection was lost before they sent anything, by id.
        self._cut_off: dict[str, bytes] = {}

    def take_commands(self) -> list[Command]:
        """Take the commands for the next step."""
        commands, self.commands = self.commands, []
        return commands

    def connected(self) -> tuple[Member, ...]:
        """All connected members: players in slot order, then watchers."""
        if self._connected is None:
            everybody = (*self.players.values(), *self.watchers)
            self._connected = tuple(member for member in everybody if member.is_connected)
        return self._connected

    def _note_change(self) -> None:
        """Note a change of the seats' holders."""
        self.roster_changed = self.people_changed = True
        self._connected = None

    def seat_of(self, player_id: str) -> Member | None:
        """The player with this id, connected or not."""
        for member in self.players.values():
            if member.player_id == player_id:
                return member
        return None

    def promised(self, besides: str = "") -> int:
        """How many seats are reserved for people not seated yet, not counting `besides`."""
        return sum(
            self.seat_of(player_id) is None for player_id in self.reserved if player_id != besides
        )

    def reserve(self, player_id: str, age: int, seconds: int) -> bool:
        """Reserve a seat for a newly issued ticket; False when none is free."""
        seated = self.seat_of(player_id) is not None
        if not seated and len(self.players) + self.promised(player_id) >= self.seats:
            return False
        self.reserved[player_id] = age + seconds * TICKS_PER_SECOND
        return True

    def is_reserved(self, player_id: str) -> bool:
        """Whether a seat is reserved for them; the reservation ends when they come, or expires."""
        return player_id in self.reserved

    def holds_seat(self, player_id: str) -> bool:
        """Whether they have a seat or a reservation."""
        return player_id in self.reserved or self.seat_of(player_id) is not None

    def admit(self, entrant: Entrant, handle: ConnectionHandle, age: int) -> Member:
        """Seat a player, or return them to their seat. Raises `AdmissionError`."""
        if entrant.is_watching:
            member = self._watcher(entrant)
        else:
            seated = self.seat_of(entrant.player_id)
            if entrant.kind in ("again", "resume"):
                _check_return(seated, entrant)
            member = seated or self._new_player(entrant)
            if member.dropped_age != NOT_DROPPED:
                self.commands.append(Command(CommandKind.PRESENCE, member.slot, 1))
            self.reserved.pop(entrant.player_id, None)
            self._end_watching(entrant.player_id)
        member.attach(handle, age, self.settings.messages_burst)
        _renew_tokens(member, entrant)
        self._note_change()
        return member

    def drop(self, member: Member, handle: ConnectionHandle, age: int) -> None:
        """Note that a connection was lost. A player keeps the seat; a watcher is forgotten."""
        if member.handle is not handle:
            return  # replaced meanwhile
        member.detach(age)
        self._note_change()
        if member in self.watchers:
            self.watchers.remove(member)
            self._return_lease(member)
            self._note_cut_off(member)
        elif self.players.get(member.slot) is member:
            self.commands.append(Command(CommandKind.PRESENCE, member.slot, 0))

    def vacate(self, member: Member) -> None:
        """Free a player's seat at once: they left, or stayed away too long."""
        if self.players.get(member.slot) is not member:
            return
        self.on_vacate(member)
        member.inbox.clear()
        del self.players[member.slot]
        self.commands.append(Command(CommandKind.LEAVE, member.slot, 0))
        self._note_change()
        self.adjust_bots()

    def expire(self, age: int) -> None:
        """Free the seats and reservations whose time is up."""
        for player_id in [key for key, until in self.reserved.items() if age >= until]:
            del self.reserved[player_id]
        window = self.settings.resume_s * TICKS_PER_SECOND
        for member in list(self.players.values()):
            if member.dropped_age != NOT_DROPPED and age - member.dropped_age >= window:
                self.vacate(member)

    def adjust_bots(self) -> None:
        """Add or remove bots until there are as many as the policy wants beside the people."""
        wanted = self.policy.wanted(len(self.players), self.seats)
        while len(self.bots.brains) > wanted:
            self._remove_bot(self._weakest_bot())
        while len(self.bots.brains) < wanted:
            slot = self._free_slot()
            assert slot is not None, "the policy never wants more bots than free seats"
            self.bots.add(slot)
            self.commands.append(Command(CommandKind.JOIN, slot, JOIN_AS_BOT))
            self._note_change()

    def people(self) -> list[Person]:
        """All holders of seats, with the nonces they may return with, for the journal."""
        seated = [
            Person(
                slot=slot,
                player_id=member.player_id,
                name=member.name,
                resume_nonce=member.resume_nonce,
                spare_nonce=member.spare_nonce or b"",
                ticket_nonce=member.ticket_nonce or b"",
            )
            for slot, member in self.players.items()
        ]
        bots = [Person(slot, "", name, b"", b"", b"") for slot, name in self.bots.names.items()]
        return seated + bots

    def restore(self, people: Iterable[Person], present: Mapping[int, int]) -> None:
        """Seat all players of a journal; people as if their connections had just dropped.

        `present` has the world's players by slot, and whether it counts them as connected. Commands
        for the next step make up the difference.
        """
        for person in people:
            if not person.player_id:
                self.bots.add(person.slot)
                self.bots.names[person.slot] = person.name
                continue
            inbox = self.input_buffer.inbox(person.slot)
            member = Member(person.player_id, person.name, person.slot, inbox, person.resume_nonce)
            member.spare_nonce = person.spare_nonce or None
            member.ticket_nonce = person.ticket_nonce or None
            member.dropped_age = 0
            self.players[person.slot] = member
            self.bots.avoid_name(member.name)
        self.players = dict(sorted(self.players.items()))
        seated = {*self.players, *self.bots.brains}
        for slot in present:
            if slot not in seated:
                self.commands.append(Command(CommandKind.LEAVE, slot, 0))
        for slot in sorted(seated):
            is_bot = slot in self.bots.brains
            if slot not in present:
                self.commands.append(Command(CommandKind.JOIN, slot, JOIN_AS_BOT * is_bot))
            if not is_bot and present.get(slot, 1):
                self.commands.append(Command(CommandKind.PRESENCE, slot, 0))
        self._note_change()

    def begin_round(self, seats: int) -> None:
        """Seat all players in the next round's world: people in the first slots, then bots."""
        self.seats = seats
        self.input_buffer.clear()
        self.players = dict(enumerate(self.players.values()))
        wanted = self.policy.wanted(len(self.players), seats)
        self.bots.renumber(len(self.players), wanted)
        self.commands = [
            Command(CommandKind.JOIN, slot, JOIN_AS_BOT if slot in self.bots.names else 0)
            for slot in sorted((*self.players, *self.bots.names))
        ]
        for slot, member in self.players.items():
            member.slot = slot
            member.inbox.move(slot)
            if not member.is_connected:
                self.commands.append(Command(CommandKind.PRESENCE, slot, 0))
        for member in self.connected():
            member.needs_welcome = True
            member.base_tick = None
        self._note_change()

    def _new_player(self, entrant: Entrant) -> Member:
        if len(self.players) + self.promised(entrant.player_id) >= self.seats:
            raise AdmissionError(CloseCode.FULL, Refusal.FULL, "no seat is free in that match")
        slot = self._free_slot()
        if slot is None:
            slot = self._weakest_bot()
            self._remove_bot(slot)
        member = _member(entrant, slot, self.input_buffer)
        self.players[slot] = member
        self.bots.avoid_name(member.name)
        self.players = dict(sorted(self.players.items()))
        self.commands.append(Command(CommandKind.JOIN, slot, 0))
        self.adjust_bots()
        return member

    def _watcher(self, entrant: Entrant) -> Member:
        """The person's watcher: one per person, however many connections ask for it. A watcher sees
        through the fog, so a player of this match may not watch. Raises `AdmissionError`.
        """
        player_id = entrant.player_id
        if self.seat_of(player_id) is not None:
            text = "you play in this match: leave your seat before you watch"
            raise AdmissionError(CloseCode.TICKET, Refusal.STATE, text)
        known = next((each for each in self.watchers if each.player_id == player_id), None)
        if known is not None and entrant.kind == "resume":
            _check_return(known, entrant)
        elif entrant.kind == "watch_again":
            _check_reuse(known, self._cut_off.get(player_id), entrant)
        watcher = known or _member(entrant, WATCHING, self.input_buffer)
        self._take_lease(watcher, entrant)
        self._cut_off.pop(player_id, None)
        if known is None:
            self.watchers.append(watcher)
        return watcher

    def _take_lease(self, watcher: Member, entrant: Entrant) -> None:
        """Give a watcher a lease unless they have one. Raises `AdmissionError`."""
        holder = watcher if entrant.holder is None else entrant.holder
        if watcher.lease is not None and not watcher.lease.is_lost:
            watcher.lease.holder = holder
            return
        lease = self.leases.take(holder, lambda: watcher.end(CloseCode.FULL, LOST_LEASE))
        if lease is None:
            raise AdmissionError(CloseCode.FULL, Refusal.FULL, "too many people are watching")
        watcher.lease = lease

    def _return_lease(self, watcher: Member) -> None:
        watcher.at_end.close()
        if watcher.lease is not None:
            self.leases.leave(watcher.lease)

    def _end_watching(self, player_id: str) -> None:
        """End the connection of a watcher who has taken a seat."""
        for watcher in self.watchers:
            if watcher.player_id == player_id:
                watcher.end(CloseCode.REPLACED, "you play in this match now")

    def _note_cut_off(self, watcher: Member) -> None:
        """Remember the ticket of a watcher who was lost before they sent anything, so that it works
        again. Nothing else about past watchers is kept, and at most `watchers_max` of these.
        """
        if not watcher.was_heard and watcher.ticket_nonce is not None:
            self._cut_off[watcher.player_id] = watcher.ticket_nonce
            if len(self._cut_off) > max(1, self.settings.watchers_max):
                del self._cut_off[next(iter(self._cut_off))]

    def _free_slot(self) -> int | None:
        for slot in range(self.seats):
            if slot not in self.players and slot not in self.bots.brains:
                return slot
        return None

    def _weakest_bot(self) -> int:
        return min(self.bots.brains, key=lambda slot: (self.bot_priority(slot), slot))

    def _remove_bot(self, slot: int) -> None:
        self.bots.remove(slot)
        self.commands.append(Command(CommandKind.LEAVE, slot, 0))
        self._note_change()


def _member(entrant: Entrant, slot: int, buffer: InputBuffer) -> Member:
    return Member(
        player_id=entrant.player_id,
        name=entrant.name,
        slot=slot,
        inbox=buffer.inbox(slot),
        resume_nonce=entrant.fresh_nonce,
    )


def _renew_tokens(member: Member, entrant: Entrant) -> None:
    """Issue the member's next resume token, unless they used the same ticket or token as before.
    Then the token that was issued for it may have reached them, and stays valid: connections do
    not always arrive in the order in which they were made.
    """
    if entrant.kind == "again" or (member.spare_nonce and entrant.nonce == member.spare_nonce):
        return
    is_token = entrant.kind == "resume"
    member.ticket_nonce = None if is_token else entrant.nonce
    member.spare_nonce = entrant.nonce if is_token else None
    member.resume_nonce = entrant.fresh_nonce


def _check_reuse(watcher: Member | None, cut_off: bytes | None, entrant: Entrant) -> None:
    """A spent watch ticket may be used again until its holder has sent something, which happens
    only after the welcome. Raises `AdmissionError`.
    """
    is_unheard = watcher is not None and not watcher.was_heard
    open_nonce = watcher.ticket_nonce if watcher is not None and is_unheard else cut_off
    if entrant.nonce != open_nonce:
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, "this ticket was used already")


def _check_return(member: Member | None, entrant: Entrant) -> None:
    """Players cut off before they receive their next token return with the old one: a token is
    valid until its successor was used, and like a ticket only until its holder has sent
    something, which happens only after the welcome.
    """
    if member is None:
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, "your seat was given away")
    if entrant.kind == "again":
        if entrant.nonce != member.ticket_nonce or member.was_heard:
            raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, "this ticket was used already")
        return
    spare_nonce = None if member.was_heard else member.spare_nonce
    if entrant.nonce not in (member.resume_nonce, spare_nonce):
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, "that token was used before")
