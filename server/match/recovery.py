"""From a match's files back to a match: what it was at the last tick that is whole.

Owns: which of a match's files count, and what of them a match needs to go on. Must not know: where
files are, Trio, members. Invariants: it returns what the journal proves, or raises `RecoveryError`;
whatever the bytes, it raises nothing else; where this build plays otherwise than the one that wrote
it, it says so.

Then the match goes on all the same, from what this build makes of the last inputs: players lose
neither their match nor a key they have pressed, and stand at most a second's difference elsewhere.
The next file begins with that world under the name of this build, so that each file verifies under
the build that wrote it.
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
    """This match cannot go on; the text says why."""


@frozen
class Recovered:
    """All that a match needs to go on."""

    spec: MatchSpec
    plan: RoundPlan
    world: World
    people: list[Person]
    note: tuple[Any, ...]
    chain: bytes
    next_segment: int
    results: list[MatchResult] = field(factory=list)  # told again: perhaps nobody has kept them
    is_scored: bool = False  # the result of the last round is among them
    torn_bytes: int = 0  # of a last write that was cut off
    written_by: str = ""  # the build
    divergence: Divergence | None = None  # from what it played, where this build plays otherwise
    is_last_file_void: bool = False  # its process died as it began it: it says nothing

    @property
    def may_lack_result(self) -> bool:
        """Whether the round is decided, and how may be written in a file further back."""
        return self.world.phase >= Phase.SCOREBOARD and not self.is_scored


def needed(names: Sequence[SegmentName]) -> list[SegmentName]:
    """Those of a match's files, in their order, that say how to go on with it.

    The last file has all of the present in it, and the one before it is there in case its process
    died as it began it. Of the rounds before, any may have the result: files go on being begun
    while the scoreboard is shown. They are few: a round is filed once its result is stored. So it
    takes no longer to go on with a match that has lasted for an hour. While a scoreboard is shown
    they may lack the result of the round (`Recovered.may_lack_result`): then all files are needed.
    """
    rounds = [list(group) for _, group in groupby(names, lambda name: name.round_number)]
    return [name for group in rounds[:-1] for name in group] + rounds[-1][-2:]


def recover(files: Sequence[bytes], maps: Mapping[str, Arena]) -> Recovered:
    """The match that these files, in their order, are the journal of. Raises `RecoveryError`."""
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
    # A build that played it can only differ by a fault; another is asked for some ticks at least.
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
    """Every file, as one chain where one follows the other. A last file without a whole start
    (a header, the world, and who plays in it) counts as not there.

    Any may end in a torn record: somebody went on from what was whole, and the chain says so.
    """
    journals: list[Journal] = []
    for number, data in enumerate(files):
        is_last = number == len(files) - 1
        try:
            journal = read_journal(data)
        except JournalError:
            if not journals or not is_last:
                raise
            break  # the process died as it began this file: all is in the one before
        if journals and is_last and not journal.damage and not _says_who_plays(journal):
            break  # the same: it has the world already, and nobody in it
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
    """Whether a file of the same round, or the first of the next, does not follow another."""
    was, now = before.header, journal.header
    if now.round_number == was.round_number:
        return now.segment != was.segment + 1 or now.previous_chain != before.chain
    return now.segment == 0 and now.previous_chain != before.chain


def _spec(fields: Sequence[Any]) -> MatchSpec:
    match_id, mode, map_name, seed, bots, private, *rest = fields
    # A build before the secret has begun it: what nobody can foretell is good from here on.
    secret = rest[0] if rest else secrets.token_bytes(SECRET_BYTES)
    if not isinstance(secret, bytes):
        raise RecoveryError("the secret of this match's rounds is none")
    return MatchSpec(match_id, mode, map_name, seed, BotPolicy(*bots), private, secret)


def _result(record: Record) -> MatchResult:
    *fields, players = record.fields[2]
    values = [*fields, tuple(PlayerResult(*row) for row in players)]
    return MatchResult(*values)
