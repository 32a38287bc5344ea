"""The table of costs: every kind of work that a peer can request, and everything it can hold.

Owns: the name and cost or quota of each kind; docs/OPERATIONS.md repeats the table, and a
test compares the two. Must not know: who asks. Costs are microseconds of one processor core of a
small cloud machine, rounded up (`python -m bench.abuse --costs` measures them). They need not be
exact: they decide who has to wait, never whether a match ticks.
"""

from collections.abc import Callable

from attrs import frozen

from server.budget.settings import BudgetSettings


@frozen
class Work:
    """One kind of work. `name` is its label in metrics and logs."""

    name: str
    cost_us: float
    text: str


@frozen
class Holding:
    """One kind of thing that is held for a while."""

    name: str
    quota: Callable[[BudgetSettings], int]  # how many one address may hold
    text: str


READ = Work("read", 60, "a chunk of bytes received outside of a match's tick")
KILOBYTE_IN = Work("kilobyte_in", 4, "each 1,024 bytes of it")
CONNECTION = Work("connection", 300, "a TCP connection, from accept to close")
TLS_HANDSHAKE = Work("tls_handshake", 1_000, "TLS's handshake, if this port speaks it")
HEAD = Work("head", 250, "the head of an HTTP request")
HEADER = Work("header", 8, "each of its headers")
REQUEST = Work("request", 300, "an answer over HTTP")
KILOBYTE_OUT = Work("kilobyte_out", 1, "each 1,024 bytes of it")
HANDSHAKE = Work("handshake", 1_500, "a WebSocket handshake")
FRAME = Work(
    "frame", 100, "a WebSocket frame, inputs of a match excepted: pings, pongs, fragments, text"
)
LOBBY_MESSAGE = Work("lobby_message", 200, "a message in the lobby")
LOBBY_LIST = Work("lobby_list", 400, "the list of matches")
LOBBY_ROOM = Work("lobby_room", 600, "a change to a room, sent to all its members")
SEAT = Work("seat", 600, "reserving a seat, with its ticket")
WRONG_CODE = Work("wrong_code", 2_000, "a room code that does not exist")
MATCH = Work("match", 20_000, "starting a match")
BOT = Work("bot", 1_000, "each bot requested with it")
ECHO_MESSAGE = Work("echo_message", 150, "a message that `/echo` returns")
REPLAY_QUESTION = Work("replay_question", 500, "a viewer's question: open, seek, play, pause")
REPLAY_LIST = Work("replay_list", 2_000, "a list of replays")
DOWNLOAD = Work("download", 5_000, "a replay file")

WORKS = (
    *(READ, KILOBYTE_IN, CONNECTION, TLS_HANDSHAKE, HEAD, HEADER, REQUEST, KILOBYTE_OUT),
    *(HANDSHAKE, FRAME),
    *(LOBBY_MESSAGE, LOBBY_LIST, LOBBY_ROOM, SEAT, WRONG_CODE, MATCH, BOT),
    *(ECHO_MESSAGE, REPLAY_QUESTION, REPLAY_LIST, DOWNLOAD),
)

UNFINISHED_HEADS = Holding(
    "unfinished_heads",
    lambda it: it.unfinished_heads_per_address,
    "connections without a whole request head",
)
SESSIONS = Holding(
    "sessions", lambda it: it.sessions_per_address, "people the lobby remembers, dropped ones too"
)
ROOMS = Holding("rooms", lambda it: it.rooms_per_address, "private rooms opened there")
ECHOES = Holding("echoes", lambda it: it.echoes_per_address, "open `/echo` connections")
RESERVATIONS = Holding(
    "reservations",
    lambda it: it.reservations_per_address,
    "seats reserved for tickets not shown yet",
)
MATCHES = Holding(
    "matches", lambda it: it.matches_per_address, "running matches that were started from there"
)
BOTS = Holding("bots", lambda it: it.bots_per_address, "bots in private matches started from there")
WATCHERS = Holding(
    "watchers", lambda it: it.watchers_per_address, "spectators of running matches, late or not"
)
VIEWERS = Holding("viewers", lambda it: it.viewers_per_address, "open viewers of finished rounds")
DOWNLOADS = Holding(
    "downloads", lambda it: it.downloads_per_address, "replay files being packed or sent"
)

HOLDINGS = (
    *(
        UNFINISHED_HEADS,
        SESSIONS,
        ROOMS,
        ECHOES,
        RESERVATIONS,
        MATCHES,
        BOTS,
        WATCHERS,
        VIEWERS,
        DOWNLOADS,
    ),
)
