"""The connection to the lobby: who we are, and then whatever the player asks for.

Owns: the session that lets a dropped connection resume its place, and a request that could not be
sent yet. Must not know: the match that a seat leads to. Invariant: a request made while the lobby
cannot be reached is carried out once when it is back, or is replaced by the next one; a name other
than the typed one is shown to the player before anything happens under it.
"""

from collections.abc import Callable
from typing import Final

import trio
from attrs import define, evolve, field

from clients.desktop.connection.connection import Connection, Limits
from clients.desktop.core.connection_state import LOBBY_ENDS
from clients.desktop.core.lobby import (
    LobbyActivity,
    LobbyState,
    after_connection,
    after_message,
    way_back,
)
from clients.net.address import Address
from game.wire.codec import decode, encode, fingerprint
from game.wire.lobby_messages import (
    Cancel,
    Hello,
    Idle,
    LeaveRoom,
    ListMatches,
    Ping,
    Queued,
    Refused,
    Rename,
    Room,
    Seat,
    Welcome,
)
from game.wire.messages import Refusal
from game.wire.schema import FromLobby, ToLobby
from game.wire.strict import DecodeError

LIMITS: Final = Limits(connect_s=8.0, silence_s=40.0)
PING_EVERY_S: Final = 15.0
MATCHES_EVERY_S: Final = 4.0
NONCE_MAX: Final = 2**32 - 1
FAREWELLS: Final = Cancel | LeaveRoom
NOT_YET: Final = "The server cannot be reached yet; this happens when it can."


@define(eq=False)
class LobbyConnection:
    """One person in the lobby. `take_seat` is called with each seat that they get."""

    address: Address
    sockets: trio.Nursery
    take_seat: Callable[[Seat], None]
    name: str = ""
    path: str = "/lobby"
    limits: Limits = LIMITS
    connection: Connection = field(init=False)
    is_away: bool = False  # in a match: the list is not visible
    _lobby: LobbyState = field(factory=LobbyState)
    _session: bytes = b""
    _wish: ToLobby | None = None
    _interrupted: ToLobby | None = None
    _nonce: int = 0
    _is_outdated: bool = False
    _is_renaming: bool = False  # the server has not confirmed the name yet
    _given: str = ""  # the last name that the server confirmed

    def __attrs_post_init__(self) -> None:
        """Build the connection."""
        self.connection = Connection(self, self.address, self.sockets)

    @property
    def state(self) -> LobbyState:
        """The lobby as it is now."""
        return after_connection(self._lobby, self.connection.state)

    async def run(self) -> None:
        """Talk until the program ends."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._keep_up)
            while True:  # after an end, the player may start it again
                await self.connection.run()
                await self.connection.wait_hurry()

    def ask(self, request: ToLobby) -> None:
        """Send a request, or keep it until it can be sent."""
        self._wish = self._interrupted = None
        error = ""
        is_farewell = isinstance(request, FAREWELLS)
        if self._is_renaming and not is_farewell:
            self._wish = request
            return
        try:
            if not self.connection.say(encode(request)):
                self._wish = request
                if is_farewell:
                    self._lobby = evolve(self._lobby, doing=LobbyActivity.IDLE)
                else:
                    error = NOT_YET
        except DecodeError as wrong:  # not encodable: a code that is too long, for example
            error = str(wrong)
        self._lobby = evolve(self._lobby, error=error)

    def rename(self, name: str) -> None:
        """Change the player's name."""
        self.name = name
        if name and self._session:
            self._is_renaming = self.connection.say(encode(Rename(name)))
            self._lobby = evolve(self._lobby, name=name, name_note="")

    def greeting(self) -> bytes:
        """The hello: our name, and the session to resume."""
        self._interrupted = way_back(self._lobby)
        self._is_renaming = False  # the greeting has the name
        self._is_outdated = False
        return encode(Hello(fingerprint(), self.name, self._session))

    def hear(self, payload: bytes) -> bool:
        """Take in a message; True for the welcome."""
        message = decode(FromLobby, payload)
        self._lobby = after_message(self._lobby, message)
        match message:
            case Refused(_, Refusal.OUTDATED, _):
                self._is_outdated = True
            case Refused(_, Refusal.NAME, _):
                # The name was refused: the request that was to happen under it is dropped.
                self._is_renaming, self._wish = False, None
                self._lobby = evolve(self._lobby, name=self._given)
            case Welcome():
                self._session = message.session
                self._is_renaming, self._given = False, self._lobby.name
                self.sockets.start_soon(self._carry_out)
                return True
            case Seat():
                self.take_seat(message)
        if isinstance(message, Idle | Queued | Room | Seat):  # the player's place is known
            interrupted, self._interrupted = self._interrupted, None
            if isinstance(message, Idle) and interrupted is not None and not self.is_away:
                if self._lobby.name_note:
                    self._wish = interrupted
                else:
                    self.ask(interrupted)
        return False

    def final_words(self, code: int) -> str | None:
        """The words for a final end; no retry can mend a different version."""
        return self._lobby.error if self._is_outdated else LOBBY_ENDS.get(code)

    async def _carry_out(self) -> None:
        """After the welcome, ask for the list, and send the request that waited."""
        self.connection.say(encode(ListMatches()))
        if self._lobby.name_note:
            return  # the name is not the typed one: the player decides what to do
        wish, self._wish = self._wish, None
        if wish is not None and not self.is_away:
            self.ask(wish)

    async def _keep_up(self) -> None:
        """Keep the connection alive, and the list fresh while it is visible."""
        pinged_s = trio.current_time()
        while True:
            await trio.sleep(MATCHES_EVERY_S)
            if self._lobby.doing is LobbyActivity.IDLE and not self.is_away:
                self.connection.say(encode(ListMatches()))
            if trio.current_time() - pinged_s >= PING_EVERY_S:
                pinged_s = trio.current_time()
                self._nonce = (self._nonce + 1) & NONCE_MAX
                self.connection.say(encode(Ping(self._nonce)))
