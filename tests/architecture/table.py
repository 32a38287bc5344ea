"""The allowed imports: the declarative half of the architecture test.

Every exception is here with its reason. A list may only shrink: an entry that is not needed any
more fails the test just as a missing one does.
"""

from dataclasses import dataclass, field

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 5


@dataclass(frozen=True)
class Room:
    """A folder and what its files may import; the longest matching folder counts."""

    folder: str
    own: frozenset[str]  # prefixes of our own modules
    foreign: frozenset[str] | None = None  # roots of other modules; None: anything not banned below
    banned: frozenset[str] = field(default=frozenset())


PURE = frozenset(
    {"__future__", "attrs", "bisect", "collections", "dataclasses", "enum", "functools", "heapq"}
    | {"itertools", "librt", "math", "mypy_extensions", "operator", "struct", "typing"}
)
SERVER = frozenset({"game", "server"})
CLIENTS = frozenset({"game", "clients"})

ROOMS = (
    # The rules never import the wire; a bot's brain imports neither that nor the step.
    Room("game", frozenset({"game"}), PURE, frozenset({"game.wire"})),
    Room("game/wire", frozenset({"game"}), PURE | {"cbor2", "hashlib"}, frozenset({"game.brain"})),
    # The journal's records are CBOR in the wire's dialect, chained by hashes.
    Room(
        "game/journal",
        frozenset({"game"}),
        PURE | {"cbor2", "hashlib", "zlib"},
        frozenset({"game.brain"}),
    ),
    Room("game/brain", frozenset({"game"}), PURE, frozenset({"game.wire", "game.step"})),
    # Net and store import neither matches nor lobby; lobby and match meet in app.py.
    Room("server", SERVER),
    Room("server/net", frozenset({"server.net", "server.budget", "game.wire", "game.compiled"})),
    Room("server/budget", frozenset({"server.budget", "server.config.options"})),
    Room("server/store", frozenset({"server.store"})),
    # Names do not know who has them.
    Room(
        "server/names",
        frozenset({"server.names"}),
        PURE | {"argparse", "importlib", "pathlib", "random", "re", "sys", "unicodedata"},
    ),
    Room("server/maps", frozenset({"game", "server.maps"})),
    Room("server/security", frozenset({"server.security", "server.config"})),
    Room("server/runtime", frozenset({"server.runtime", "server.config", "server.net"})),
    Room("server/match", SERVER, None, frozenset({"server.lobby", "server.app", "server.cli"})),
    Room(
        "server/lobby", SERVER, None, frozenset({"server.app", "server.cli", "server.match.match"})
    ),
    Room("clients", CLIENTS),
    # Between snapshots: it is given the time, and has no socket.
    # It makes messages, and knows nothing of their bytes.
    Room(
        "clients/netcode",
        frozenset({"game", "clients.netcode"}),
        PURE,
        frozenset({"game.wire.codec", "game.wire.snapshot", "game.wire.strict"}),
    ),
    # The desktop client: its logic knows neither window nor socket, its painting knows no socket,
    # its connections know no window. Only app.py and cli.py know all three.
    Room(
        "clients/desktop",
        CLIENTS,
        PURE | {"argparse", "importlib", "os", "pathlib", "pygame", "signal", "sys", "trio"},
        frozenset({"game.brain", "game.step", "clients.bots"}),
    ),
    Room(
        "clients/desktop/core",
        frozenset({"game", "clients.desktop.core", "clients.netcode"})
        | {"clients.net.match_core", "clients.net.replica", "clients.net.round_trips"},
        PURE | {"array", "json", "tomllib"},
        frozenset({"game.brain", "game.step"}),
    ),
    Room(
        "clients/desktop/window",
        frozenset({"game", "clients.desktop.core", "clients.desktop.window", "clients.netcode"}),
        PURE | {"pygame"},
        frozenset({"game.brain", "game.step", "game.wire"}),
    ),
    Room(
        "clients/desktop/connection",
        frozenset({"game", "clients.desktop.core", "clients.desktop.connection", "clients.net"}),
        PURE | {"random", "trio"},
        frozenset({"game.brain", "game.step", "clients.netcode"}),
    ),
    Room("clients/chaos", frozenset({"clients.chaos"})),  # a network knows nothing of the game
    Room("maps", frozenset({"maps"})),
)

FOREIGN_FOR_FILE = {
    "clients/netcode/export.py": frozenset({"pathlib"}),  # a tool that writes a file
    "game/compiled.py": frozenset(
        {"hashlib", "importlib", "os", "pathlib", "re", "sys", "types"}
    ),  # the choice between a build and the sources, before any setting
    "game/state.py": frozenset({"hashlib"}),  # the digest
    "game/tiled.py": frozenset({"hashlib"}),  # a map's digest
    "game/tiled_text.py": frozenset({"json"}),  # Tiled's format
    "game/wire/export.py": frozenset(
        {"argparse", "json", "pathlib", "sys"}
    ),  # a tool that writes a file
}

# In game/ there is no clock, no dice, no I/O and no arithmetic that differs between machines.
CALLS_BANNED_IN_GAME = frozenset(
    {"breakpoint", "eval", "exec", "float", "hash", "id", "input", "open", "print"}
)
# Run by people or before a match, never by a match.
GAME_TOOLS = frozenset({"game/compiled.py", "game/wire/export.py"})

WEBSOCKET_FILES = frozenset({"server/net/websocket.py", "clients/net/websocket.py"})

# Shells: the files that import Trio, and the few that put shells together. Every other file of the
# server is a core: synchronous, tested without Trio, and it imports no shell.
SHELLS = frozenset(
    {
        "server/app.py",
        "server/runtime/clock.py",
        "server/budget/guard.py",
        "server/budget/meter.py",
        "server/budget/share.py",
        "server/commands/play.py",
        "server/commands/serve.py",
        "server/commands/upgrade.py",
        "server/lobby/handler.py",
        "server/runtime/listeners.py",
        "server/match/archiver.py",
        "server/match/host.py",
        "server/match/metronome.py",
        "server/match/registry.py",
        "server/match/session.py",
        "server/net/echo.py",
        "server/net/front.py",
        "server/net/http.py",
        "server/net/listen.py",
        "server/net/proxy_protocol.py",
        "server/net/relay.py",
        "server/net/stream.py",
        "server/net/tls_transport.py",
        "server/net/transport.py",
        "server/net/front_connection.py",
        "server/net/websocket.py",
        "server/security/certificates.py",
        "server/process/channel.py",
        "server/process/child.py",
        "server/process/gateway.py",
        "server/process/remote_registry.py",
        "server/process/bootstrap.py",
        "server/process/child_handle.py",
        "server/process/supervisor.py",
        "server/process/upgrade.py",
        "server/process/worker.py",
        "server/metric_table.py",
        "server/reloading.py",
        "server/replays/throttle.py",
        "server/replays/service.py",
        "server/replays/cache.py",
        "server/replays/stream.py",
        "server/store/sqlite.py",
        "server/store/writer.py",
    }
)

# Files that open nurseries, and the tasks in them.
NURSERIES = {
    "clients/bots/crowd.py": "all bots of one command",
    "clients/chaos/connection.py": "one connection through a bad network: both directions",
    "clients/chaos/proxy.py": "all connections through a bad network",
    "clients/check/steps.py": "the socket of one question",
    "clients/desktop/app.py": "all tasks of one window: its connections beside its frames",
    "clients/desktop/connection/connection.py": "one socket: the sender beside the receiver",
    "clients/desktop/connection/lobby.py": "the lobby's connection beside its pings",
    "clients/net/play.py": "one player of a Python client: its two connections",
    "clients/net/websocket.py": "one connection: trio-websocket's tasks",
    "server/app.py": "the tree of the process: front, lobby, matches, store",
    "server/commands/serve.py": "the root: the app, and who waits for signals",
    "server/lobby/handler.py": "one lobby connection: its reader and its writer",
    "server/match/registry.py": "all matches of this process",
    "server/match/host.py": "one match: its results on their way, and what must end with it",
    "server/match/session.py": "one player's connection: trio-websocket's reader beside the seat",
    "server/net/echo.py": "one echo connection: a reader beside a small tick loop",
    "server/net/front.py": "all connections, each under its own border",
    "server/net/relay.py": "one connection that another process serves: both directions",
    "server/net/websocket.py": "one connection: trio-websocket's tasks and the heartbeat",
    "server/replays/stream.py": "one viewer: who reads requests beside who streams a round",
    "server/process/child.py": "one process: its role beside the supervisor's channel",
    "server/process/remote_registry.py": "the gateway's channels to its workers",
    "server/process/bootstrap.py": "the root of the supervisor's process: it, and signals",
    "server/process/child_handle.py": "one child, as its supervisor listens to it",
    "server/process/supervisor.py": "all children, and who keeps each role filled",
    "server/process/upgrade.py": "operators: one upgrade, and who is refused meanwhile",
    "server/process/worker.py": "one worker: its matches, sockets and the channel to the gateway",
}

# Files that catch everything without re-raising it, and what is contained there.
BROAD_HANDLERS = {
    "server/commands/serve.py": "the process, with its log line and a status of its own",
    "server/match/host.py": "a match, with its log line",
    "server/match/beat.py": "a match's tick: the other matches go on",
    "server/net/front.py": "a connection",
    "server/net/http.py": "an HTTP answer: 500",
    "server/net/websocket.py": "a WebSocket, and its handler with a log line",
    "server/replays/recording.py": "a journal of somebody else, whatever it makes the rules raise",
    "server/process/upgrade.py": "an operator's connection: a bug there must not end the server",
    "server/process/worker.py": "a worker's process, which then ends at once; its matches go on",
    "server/security/tickets.py": "a forged ticket: cbor2 raises errors of many kinds",
}

# Modules that nothing imports, and who runs them; entry points of pyproject.toml need no line.
RUN_BY_PEOPLE = {
    "clients.netcode.export": "python -m clients.netcode.export",
    "game.wire.export": "python -m game.wire.export",
    "server.names.generate": "python -m server.names.generate, for another Unicode",
    "server.process.child": "the supervisor, as a program",
}
