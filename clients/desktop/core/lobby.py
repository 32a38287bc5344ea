"""The lobby's state on the screens, a pure function of the server's messages.

Owns: the meaning of each lobby message for a person. Must not know: sockets, widgets.
"""

from enum import Enum

from attrs import evolve, field, frozen

from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from game.wire.lobby_messages import (
    Idle,
    JoinRoom,
    MapRow,
    Matches,
    MatchRow,
    ModeRow,
    Notice,
    Play,
    Pong,
    Queued,
    Refused,
    Room,
    Seat,
    Welcome,
)
from game.wire.messages import Refusal
from game.wire.schema import FromLobby, ToLobby

OUTDATED = "This client and the server are of different versions: please update."


class LobbyActivity(Enum):
    """A player's state in the lobby."""

    IDLE = "idle"
    QUEUED = "queued"
    ROOM = "room"


@frozen
class LobbyState:
    """The lobby at a moment."""

    connection: ConnectionState = field(factory=ConnectionState)
    name: str = ""
    online: int = 0
    modes: tuple[ModeRow, ...] = ()
    maps: tuple[MapRow, ...] = ()
    matches: tuple[MatchRow, ...] = ()
    doing: LobbyActivity = LobbyActivity.IDLE
    queued_mode: str = ""
    waiting: int = 0
    bots_in_s: int = 0
    room: Room | None = None
    error: str = ""  # the last refusal, in words
    name_note: str = ""  # why the name is not what was typed


def after_message(lobby: LobbyState, message: FromLobby) -> LobbyState:
    """The lobby after `message`."""
    match message:
        case Welcome():
            return evolve(
                lobby,
                name=message.name,
                name_note=message.name_note,
                online=message.online,
                modes=message.modes,
                maps=message.maps,
            )
        case Queued(mode, waiting, bots_in_s):
            queued = evolve(lobby, queued_mode=mode, waiting=waiting, bots_in_s=bots_in_s)
            return evolve(queued, doing=LobbyActivity.QUEUED, error="")
        case Idle():
            return evolve(lobby, doing=LobbyActivity.IDLE, room=None)
        case Room():
            return evolve(lobby, doing=LobbyActivity.ROOM, room=message, error="")
        case Seat():
            # The match is not the lobby's business; a player who returns no longer queues.
            is_queued = lobby.doing is LobbyActivity.QUEUED
            doing = LobbyActivity.IDLE if is_queued else lobby.doing
            return evolve(lobby, error="", name_note="", doing=doing)
        case Matches(matches):
            return evolve(lobby, matches=matches)
        case Refused(_, code, text):
            return evolve(lobby, error=_refusal_words(code, text))
        case Pong():
            return evolve(lobby, online=message.online)
        case Notice():
            return evolve(lobby, error=message.text)
    return lobby


def after_connection(lobby: LobbyState, connection: ConnectionState) -> LobbyState:
    """The lobby after a change of its connection."""
    if connection.status is ConnectionStatus.ENDED:
        return evolve(
            lobby, connection=connection, doing=LobbyActivity.IDLE, error=connection.reason
        )
    return evolve(lobby, connection=connection)


def way_back(lobby: LobbyState) -> ToLobby | None:
    """The request that restores a place lost with the connection; None: there was none."""
    if lobby.doing is LobbyActivity.QUEUED:
        return Play(lobby.queued_mode)
    if lobby.doing is LobbyActivity.ROOM and lobby.room is not None:
        return JoinRoom(lobby.room.code)
    return None


def _refusal_words(code: int, text: str) -> str:
    if code == Refusal.OUTDATED:
        return OUTDATED
    return text or "The server refused that."
