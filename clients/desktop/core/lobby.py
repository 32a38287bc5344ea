"""What the screens show of the lobby, as a pure function of what the server said.

Owns: the meaning of each lobby message for a person. Must not know: sockets, widgets.
"""

from enum import Enum
from typing import NamedTuple

from attrs import evolve, field, frozen

from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from game.wire.codec import Decoded
from game.wire.messages import Refusal

OUTDATED = "This client and the server are of different versions: please update."


class Doing(Enum):
    """Where a player stands in the lobby."""

    IDLE = "idle"
    QUEUED = "queued"
    ROOM = "room"


class ModeRow(NamedTuple):
    """A mode or a map that the server offers."""

    name: str
    title: str
    players_min: int
    players_max: int


class MatchRow(NamedTuple):
    """A running match."""

    match: str
    mode: str
    map: str
    people: int
    bots: int
    players_max: int
    watchers: int
    phase: int
    seconds_left: int


class Room(NamedTuple):
    """The private room that the player is in."""

    code: str
    mode: str
    map: str
    owner: int
    players_max: int
    members: tuple[tuple[str], ...]


@frozen
class LobbyState:
    """The lobby at a moment."""

    connection: ConnectionState = field(factory=ConnectionState)
    name: str = ""
    online: int = 0
    modes: tuple[ModeRow, ...] = ()
    maps: tuple[ModeRow, ...] = ()
    matches: tuple[MatchRow, ...] = ()
    doing: Doing = Doing.IDLE
    queued_mode: str = ""
    waiting: int = 0
    bots_in_s: int = 0
    room: Room | None = None
    error: str = ""  # the last refusal, in words
    name_note: str = ""  # why the name is not what was typed


def after_message(lobby: LobbyState, message: Decoded) -> LobbyState:
    """The lobby after `message`."""
    fields = message.fields
    match message.name:
        case "welcome":
            _, name, _, online, modes, maps, note = fields
            told = {"name": name, "name_note": note, "online": online}
            rows = tuple(ModeRow(*row) for row in modes), tuple(ModeRow(*row[:4]) for row in maps)
            return evolve(lobby, **told, modes=rows[0], maps=rows[1])
        case "queued":
            mode, waiting, bots_in_s = fields
            place = {"queued_mode": mode, "waiting": waiting, "bots_in_s": bots_in_s}
            return evolve(lobby, doing=Doing.QUEUED, error="", **place)
        case "idle":
            return evolve(lobby, doing=Doing.IDLE, room=None)
        case "room":
            return evolve(lobby, doing=Doing.ROOM, room=Room(*fields), error="")
        case "seat":
            # The match is not the lobby's business; a player who returns no longer queues.
            is_queued = lobby.doing is Doing.QUEUED
            doing = Doing.IDLE if is_queued else lobby.doing
            return evolve(lobby, error="", name_note="", doing=doing)
        case "matches":
            return evolve(lobby, matches=tuple(MatchRow(*row) for row in fields[0]))
        case "refused":
            _, code, text = fields
            return evolve(lobby, error=_refusal_words(code, text))
        case "pong":
            return evolve(lobby, online=fields[1])
        case "notice":
            return evolve(lobby, error=fields[0])
    return lobby


def after_connection(lobby: LobbyState, connection: ConnectionState) -> LobbyState:
    """The lobby after a change of its connection."""
    if connection.status is ConnectionStatus.ENDED:
        return evolve(lobby, connection=connection, doing=Doing.IDLE, error=connection.reason)
    return evolve(lobby, connection=connection)


def way_back(lobby: LobbyState) -> tuple[object, ...] | None:
    """What to ask for when a lost connection cost the player's place; None: there was none."""
    if lobby.doing is Doing.QUEUED:
        return "play", lobby.queued_mode
    if lobby.doing is Doing.ROOM and lobby.room is not None:
        return "join_room", lobby.room.code
    return None


def _refusal_words(code: int, text: str) -> str:
    if code == Refusal.OUTDATED:
        return OUTDATED
    return text or "The server refused that."
