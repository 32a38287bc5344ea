"""Results in SQLite: one connection, one writer, in a worker thread.

Owns: the database file. Must not know: matches beyond their results. Invariants: a result and its
players are written in one transaction; the event loop never waits for the disk; a database from a
newer Skirmish is refused.
"""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import attrs
import trio

from server.store.base import RECENT_MAX, MatchResult, PlayerResult, StoreError
from server.store.migrations import MIGRATIONS

BUSY_S = 5.0  # how long SQLite itself waits for another process's lock

T = TypeVar("T")

_RESULT_COLUMNS = (
    "match_id, round_number, mode, map_name, seed, digest, started_s, ended_s, winner, red, blue"
)
_PLAYER_COLUMNS = "slot, player_id, name, bot, score, kills, deaths, left_early, team"


class SqliteStore:
    """See `Store`. Make it with `await open_sqlite(path)`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over a connection that `open_sqlite` has prepared."""
        self._connection = connection
        # One call at a time: sqlite3's thread check is off, so this has to keep threads apart.
        self._turn = trio.CapacityLimiter(1)

    async def record_result(self, result: MatchResult) -> bool:
        """Keep `result`; True when it was new. Raises `StoreError`."""
        return await self._run(lambda connection: _insert(connection, result))

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """Return the most recent results, newest first. Raises `StoreError`."""
        return await self._run(lambda connection: _select(connection, min(limit, RECENT_MAX)))

    async def aclose(self) -> None:
        """Close the database, even when the caller is being cancelled."""
        with trio.CancelScope(shield=True):
            await trio.to_thread.run_sync(self._connection.close, limiter=self._turn)

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            # Not abandoned on cancel: the thread may hold a transaction.
            return await trio.to_thread.run_sync(work, self._connection, limiter=self._turn)
        except sqlite3.Error as error:
            raise StoreError(str(error)) from error


async def open_sqlite(path: Path) -> SqliteStore:
    """Open or create the database at `path` and migrate it. Raises `StoreError`."""
    try:
        return SqliteStore(await trio.to_thread.run_sync(_open, path))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path} cannot be used: {error}") from error


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link, and none is followed here", str(path))
    connection = sqlite3.connect(
        path, check_same_thread=False, isolation_level=None, timeout=BUSY_S
    )
    try:
        path.chmod(0o600)  # it holds names of people; SQLite's other files get the same mode
        connection.execute("pragma journal_mode = wal")
        # With WAL, `normal` can lose the last results in a power cut, but never the database.
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > len(MIGRATIONS):
        raise sqlite3.DatabaseError(
            f"it has schema {version}, and this Skirmish knows {len(MIGRATIONS)}: use a newer one"
        )
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        with _Transaction(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"pragma user_version = {number}")


def _insert(connection: sqlite3.Connection, result: MatchResult) -> bool:
    row = attrs.astuple(result, filter=lambda attribute, _: attribute.name != "players")
    marks = ", ".join("?" * len(row))
    with _Transaction(connection):
        cursor = connection.execute(
            f"insert into results ({_RESULT_COLUMNS}) values ({marks}) on conflict do nothing", row
        )
        if cursor.rowcount == 0:
            return False
        key = (result.match_id, result.round_number)
        connection.executemany(
            f"insert into result_players (match_id, round_number, place, {_PLAYER_COLUMNS})"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*key, place, *attrs.astuple(player))
                for place, player in enumerate(result.players, start=1)
            ],
        )
    return True


def _select(connection: sqlite3.Connection, limit: int) -> list[MatchResult]:
    rows = connection.execute(
        f"select {_RESULT_COLUMNS} from results order by ended_s desc, match_id limit ?",
        (max(0, limit),),
    ).fetchall()
    return [_result(row, _players(connection, row[0], row[1])) for row in rows]


def _result(row: tuple[Any, ...], players: tuple[PlayerResult, ...]) -> MatchResult:
    columns = (*row, players)
    return MatchResult(*columns)


def _players(
    connection: sqlite3.Connection, match_id: str, round_number: int
) -> tuple[PlayerResult, ...]:
    rows = connection.execute(
        f"select {_PLAYER_COLUMNS} from result_players"
        " where match_id = ? and round_number = ? order by place",
        (match_id, round_number),
    )
    return tuple(
        PlayerResult(slot, player_id, name, bool(bot), score, kills, deaths, bool(left), team)
        for slot, player_id, name, bot, score, kills, deaths, left, team in rows
    )


class _Transaction:
    """All or nothing. `immediate`: another writer's lock is met at the start, not half way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("begin immediate")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("commit")
        elif self._connection.in_transaction:
            self._connection.execute("rollback")
