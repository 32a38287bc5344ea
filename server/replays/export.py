"""Published replays: the public copy of a journal, and the list of finished rounds.

Owns: which parts of a journal and which facts of a round leave. Must not know: files, sockets,
stores. Invariants: of people only slots and names leave, no ids, nonces and other facts private to
the host; the copy is a whole journal with a chain of its own. It has no signature, because the
host's covers what was removed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from game.journal import Header, JournalWriter, Person, RecordKind, RecordReader
from game.journal.payloads import kind_of
from game.journal.records import NO_CHAIN
from server.replays.archive import RoundFiles
from server.replays.recording import RecordingError, foreign_journal, names_by_slot, record_fields
from server.store.base import MatchResult, PlayerResult

_PLAYERS = [each.name for each in attrs.fields(MatchResult)].index("players")
_PLAYER_ID = [each.name for each in attrs.fields(PlayerResult)].index("player_id")


def public_copy(segments: Iterable[bytes]) -> bytes:
    """Join all segments of a round into one public file. Raises `RecordingError`."""
    return b"".join(public_pieces(segments))


def public_pieces(segments: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the public copy record by record, so that other work can run in between. Raises
    `RecordingError`.
    """
    reader, writer = RecordReader(), JournalWriter()
    is_begun = False
    for segment in segments:
        reader.begin_segment()
        reader.data += segment
        while (payload := reader.next()) is not None:
            kind = kind_of(payload)
            if kind is RecordKind.HEADER and is_begun:
                continue
            with foreign_journal():
                _copy(writer, kind, payload)
            is_begun = True
            yield writer.take()
    if not is_begun:
        raise RecordingError(reader.damage or "this is too short to be a journal")


def _copy(writer: JournalWriter, kind: RecordKind | None, payload: bytes) -> None:
    if kind is RecordKind.HEADER:
        _, *fields = record_fields(payload)
        header = Header(*fields)
        writer.header(attrs.evolve(header, previous_chain=NO_CHAIN, segment=0, spec=()))
    elif kind is RecordKind.PEOPLE:
        names = names_by_slot(record_fields(payload)[0])
        writer.people([Person(slot, "", name, b"", b"", b"") for slot, name in names.items()])
    elif kind is RecordKind.RESULT:
        tick, digest, result, _ = record_fields(payload)
        writer.result(tick, digest, _public_result(result), b"")
    else:
        writer.copy(payload)


def _public_result(result: Any) -> tuple[Any, ...]:
    """Return the result without ids; nothing of a result in a form that this build does not
    write.
    """
    is_known = isinstance(result, tuple) and len(result) == len(attrs.fields(MatchResult))
    if not is_known or not all(_is_row(row) for row in result[_PLAYERS]):
        return ()
    players = tuple((*row[:_PLAYER_ID], "", *row[_PLAYER_ID + 1 :]) for row in result[_PLAYERS])
    return (*result[:_PLAYERS], players, *result[_PLAYERS + 1 :])


def _is_row(row: Any) -> bool:
    return isinstance(row, tuple) and len(row) == len(attrs.fields(PlayerResult))


def round_rows(files: Iterable[RoundFiles], results: Sequence[MatchResult]) -> list[dict[str, Any]]:
    """Return the rows of `files` that have a result, in order: a round that everybody left has
    nothing to show.
    """
    known = {(result.match_id, result.round_number): result for result in results}
    rows = []
    for each in files:
        result = known.get((each.match_id, each.round_number))
        if result is not None:
            rows.append(_row(each, result))
    return rows


def _row(files: RoundFiles, result: MatchResult) -> dict[str, Any]:
    return {
        "name": files.name,
        "mode": result.mode,
        "map": result.map_name,
        "ended_s": round(result.ended_s),
        "seconds": max(0, round(result.ended_s - result.started_s)),
        "bytes": files.packed_bytes,
        "winner": result.winner,
        "red": result.red,
        "blue": result.blue,
        "players": [
            {
                "slot": player.slot,
                "name": player.name,
                "bot": player.bot,
                "score": player.score,
                "kills": player.kills,
                "deaths": player.deaths,
                "left": player.left,
                "team": player.team,
            }
            for player in result.players
        ],
    }
