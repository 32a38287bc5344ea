"""Everything an operator may choose, in one frozen class: default, range, unit and use of each.

Owns: which settings exist. Must not know: where values come from (`sources.py`), who reads
them. The numbers of the game are not settings: they live in `game/tuning.py`, because both sides
must agree on them.
"""

from attrs import field, frozen

from server.budget.settings import BudgetSettings
from server.config.options import option
from server.match.journal_files import JournalSettings
from server.match.settings import MatchSettings
from server.net.hosts import listening_host
from server.net.settings import NetSettings
from server.process.settings import ProcessSettings
from server.replays.settings import ReplaySettings

PORT_DEFAULT = 8000
SECRET_BYTES_MIN = 32


@frozen
class ListenSettings(NetSettings):
    """The addresses to listen on, and the front's limits."""

    host: str = field(
        default="127.0.0.1",
        metadata={
            "help": "name or address to listen on; :: for all, 0.0.0.0 for all of IPv4",
            "form": listening_host,
        },
    )
    port: int = option(PORT_DEFAULT, "TCP port; 0 takes any free one", (0, 65_535))


@frozen
class LobbySettings:
    """The lobby: people who are not in a match, and how they get into one."""

    sessions_max: int = option(20_000, "people the lobby remembers at once", (1, 1_000_000))
    hello_s: float = option(10.0, "from the handshake to a valid hello", (0.1, 120))
    resume_s: float = option(
        30.0, "a dropped lobby connection keeps name, queue place and room for this", (0, 600)
    )
    messages_per_s: float = option(
        5.0, "messages a lobby connection may send, over time", (0.1, 1_000)
    )
    messages_burst: int = option(20, "messages a lobby connection may send at once", (1, 10_000))
    errors_max: int = option(5, "messages refused on a connection before it is closed", (0, 1_000))
    outbox_max: int = option(
        64, "messages that wait for a slow lobby connection before it is closed", (4, 10_000)
    )
    rooms_max: int = option(1_000, "private rooms at once", (1, 100_000))
    wrong_codes_max: int = option(
        10,
        "wrong room codes a person or an address may try at once, then one every six seconds",
        (1, 1_000),
    )
    ticket_s: int = option(10, "how long a ticket is good and its seat kept", (1, 60))
    bots: int = option(
        6, "players, people included, that bots bring a quick match to; 0 for no bots", (0, 16)
    )
    bot_fill_after_s: float = option(
        3.0, "how long somebody waits for people before bots fill in", (0, 60)
    )


@frozen
class StoreSettings:
    """The storage of results."""

    data_dir: str = option(
        ".state", "folder of the database; empty keeps results in memory only", (0, 4_096)
    )
    pending_max: int = option(
        1_000,
        "results that wait for a database that is full or locked; more are dropped",
        (1, 100_000),
    )
    retry_s: float = option(30.0, "longest pause between two tries to write", (0.1, 600))


@frozen
class LogSettings:
    """The level and format of the log."""

    format: str = option(
        "auto",
        "auto: console on a terminal, JSON lines elsewhere",
        choices=("auto", "console", "json"),
    )
    level: str = option(
        "info",
        "the least severe level that is written",
        choices=("debug", "info", "warning", "error"),
    )
    queue_max: int = option(
        10_000,
        "lines that wait for a slow terminal or pipe; more are dropped and counted",
        (10, 1_000_000),
    )


@frozen
class Settings:
    """All of it. Build it with `server.config.sources.read_settings`, or directly in a test."""

    secret: str = option(
        "",
        "key that signs tickets; empty: the one kept in the data folder",
        (SECRET_BYTES_MIN, 1_024),
        secret=True,
    )
    secret_file: str = option(
        "", "file that holds the secret; used when `secret` is empty", (0, 4_096)
    )
    grace_s: float = option(30.0, "how long rounds may go on after SIGTERM", (0, 3_600))
    net: ListenSettings = field(factory=ListenSettings)
    budget: BudgetSettings = field(factory=BudgetSettings)
    lobby: LobbySettings = field(factory=LobbySettings)
    match: MatchSettings = field(factory=MatchSettings)
    journal: JournalSettings = field(factory=JournalSettings)
    replay: ReplaySettings = field(factory=ReplaySettings)
    store: StoreSettings = field(factory=StoreSettings)
    log: LogSettings = field(factory=LogSettings)
    process: ProcessSettings = field(factory=ProcessSettings)
