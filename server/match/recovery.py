"""Rebuilds a match from its journal files, as of the last complete tick.

Owns: which of a match's files count, and what a match needs from them to resume. Must not know:
where files are, Trio, members. Invariants: it returns what the journal proves, or raises
`RecoveryError`; whatever the bytes, it raises nothing else; when this build plays differently from
the one that wrote the journal, it says so.

A match that diverged is resumed anyway, from what this build computes from the last inputs. Players
keep their match and every key they pressed, and their positions differ by at most a second's play.
The next file begins with that world and names this build, so each file verifies under the build
that wrote it.
"""

import secrets
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from attrs import field, frozen

from game.arena import Arena
from game.journal import Journal, JournalError, Person, Record, Replay, read_journal
from game.journal.records import CHECKPOINT_EVERY_TICKS, RecordKind
from game.journal.replay import Divergence
from game.world import Phase, World
from server.match.journal_files import SegmentName
from server.match.rounds import SECRET_BYTES, MatchSpec, RoundPlan
from server.match.status import BotPolicy
from server.store.base import MatchResult, PlayerResult
from server.version import build


class RecoveryError(Exception):
    """This match cannot be resumed; the text says why."""


@frozen
class Recovered:
    """Everything that a resumed match starts from."""

    spec: MatchSpec
    plan: RoundPlan
    world: World
    people: list[Person]
    note: tuple[Any, ...]
    chain: bytes
    next_segment: int
    results: list[MatchResult] = field(factory=list)  # stored again: the store may not have them
    is_scored: bool = False  # the result of the last round is among them
    torn_bytes: int = 0  # length of a last write that was cut off
    written_by: str = ""  # the build
    divergence: Divergence | None = None  # where this build first plays differently, if it does
    is_last_file_void: bool = False  # the process died as it began the file: nothing is in it

    @property
    def may_lack_result(self) -> bool:
        """Whether the round is decided but its result may be in an earlier file."""
        return self.world.phase >= Phase.SCOREBOARD and not self.is_scored


def needed(names: Sequence[SegmentName]) -> list[SegmentName]:
    """The files that are needed to resume a match, in order.

    The last file holds the whole present state; the one before it serves when the process died as
    it began the last. Of earlier rounds, every file is needed: any may hold the result, since
    segments still begin while the scoreboard is shown. These are few, because a round is archived
    once its result is stored. So a match of an hour takes no longer to resume. While a scoreboard
    is shown, the last two files may lack the round's result (`Recovered.may_lack_result`): then all
    files are needed.
    """
    rounds = [list(group) for _, group in groupby(names, lambda name: name.round_number)]
    return [name for group in rounds[:-1] for name in group] + rounds[-1][-2:]


def recover(files: Sequence[bytes], maps: Mapping[str, Arena]) -> Recovered:
    """Rebuild the match from its journal's `files`, in order. Raises `RecoveryError`."""
    try:
        return _recover(files, maps)
    except RecoveryError:
        raise
    except JournalError as error:
        raise RecoveryError(str(error)) from error
    except (ValueError, TypeError, KeyError, IndexError, AssertionError) as error:
        raise RecoveryError(f"{type(error).__name__}: {error}") from error


def _recover(files: Sequence[bytes], maps: Mapping[str, Arena]) -> Recovered:
    journals = _read_all(files)
    last = journals[-1]
    header = last.header
    arena = maps.get(header.map_name)
    if arena is None:
        raise RecoveryError(f"there is no map {header.map_name!r:.40} here")
    # The build that wrote the journal can differ only by a fault. Another build replays at least
    # this many ticks, to find out whether it differs.
    ticks = 0 if header.build == build() else CHECKPOINT_EVERY_TICKS
    world, divergence = Replay(last, arena).resume(ticks)
    people, note = last.people()
    records = [(one.header.round_number, one.result) for one in journals]
    results = {number: _result(found) for number, found in records if found is not None}
    return Recovered(
        spec=_spec(header.spec),
        plan=RoundPlan(header.match_id, world.config, arena, header.round_number),
        world=world,
        people=people,
        note=note,
        chain=last.chain,
        next_segment=header.segment + 1,
        results=list(results.values()),
        is_scored=header.round_number in results,
        torn_bytes=last.torn_bytes,
        written_by=header.build,
        divergence=divergence,
        is_last_file_void=len(journals) < len(files),
    )


def _read_all(files: Sequence[bytes]) -> list[Journal]:
    """Read the files and check that each continues the one before. A last file without a complete
    start (a header, the world, and who plays in it) is ignored.

    Any file may end in a torn record: a process resumed from what was complete, and the chain
    proves it.
    """
    journals: list[Journal] = []
    for number, data in enumerate(files):
        is_last = number == len(files) - 1
        try:
            journal = read_journal(data)
        except JournalError:
            if not journals or not is_last:
                raise
            break  # the process died as it began this file: the one before has everything
        if journals and is_last and not journal.damage and not _says_who_plays(journal):
            break  # the same: the world was written, but not yet who plays
        if journal.damage:
            raise RecoveryError(f"file {number}: {journal.damage}")
        if journals and _is_torn_off(journals[-1], journal):
            raise RecoveryError("this journal does not go on from the one before it")
        journals.append(journal)
    if not journals:
        raise RecoveryError("there is no file")
    return journals


def _says_who_plays(journal: Journal) -> bool:
    return any(record.kind is RecordKind.PEOPLE for record in journal.records)


def _is_torn_off(before: Journal, journal: Journal) -> bool:
    """Whether `journal`, of the same round or first of the next, does not continue `before`."""
    was, now = before.header, journal.header
    if now.round_number == was.round_number:
        return now.segment != was.segment + 1 or now.previous_chain != before.chain
    return now.segment == 0 and now.previous_chain != before.chain


def _spec(fields: Sequence[Any]) -> MatchSpec:
    match_id, mode, map_name, seed, bots, private, *rest = fields
    # An older build, without secrets, began this match: a fresh random secret will do from here on.
    secret = rest[0] if rest else secrets.token_bytes(SECRET_BYTES)
    if not isinstance(secret, bytes):
        raise RecoveryError("the secret of this match's rounds is none")
    return MatchSpec(match_id, mode, map_name, seed, BotPolicy(*bots), private, secret)


def _result(record: Record) -> MatchResult:
    *fields, players = record.fields[2]
    values = [*fields, tuple(PlayerResult(*row) for row in players)]
    return MatchResult(*values)
