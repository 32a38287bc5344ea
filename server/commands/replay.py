"""`skirmish replay FILE…`: verify a journal, and print what was played.

Owns: the words and formats of the answer. Must not know: how a replay works. Invariant: the status
of a verification is 0 only when every hash of all files was reproduced, up to the last whole
record.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from game.arena import TEAMS
from game.events import EVENT_FIELDS, Event, EventKind
from game.state import digest
from game.tuning import TICKS_PER_SECOND
from game.world import Phase, World
from server.commands.atomic_file import open_atomically
from server.commands.errors import FAILED, CommandError
from server.commands.setting_flags import add_setting_flags, settings_from
from server.replays.recording import Recording, RecordingError, open_recording
from server.replays.session import ReplaySession, find_arena
from server.replays.text_view import describe_world
from server.replays.verify import SignatureStatus, Verification, check_signature, verify
from server.security.secret import FILE_NAME as SECRET_FILE
from server.security.secret import SecretError, load_secret
from server.version import build

HELP = "replay a journal: verify it hash for hash, print what was played, export it"
MAPS = Path(__file__).resolve().parents[2] / "maps"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files and what to do with them; settings are only used to find the secret."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="segments of one round: .skj, .skj.gz"
    )
    parser.add_argument("--maps", type=Path, default=MAPS, help="folder of the maps")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="the same answer for programs")
    what.add_argument("--seek", type=int, metavar="TICK", help="the world after a tick, in short")
    what.add_argument("--export", metavar="FILE", help="all ticks as JSON lines; - for the output")
    what.add_argument("--digests", action="store_true", help="a digest a tick, to compare builds")
    add_setting_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; return 1 when the replay diverges from the journal or files are damaged
    or do not follow one another.
    """
    try:
        recording = open_recording(args.files)
        session = ReplaySession(recording, find_arena(recording.header, args.maps))
        if args.seek is not None:
            print("\n".join(describe_world(session, session.world_at(args.seek))))
            return 0
        if args.digests:
            return _write_lines(sys.stdout, _digests(session))
        if args.export is not None:
            return _export(session, args.export)
        verification = verify(session)
    except RecordingError as error:
        raise CommandError(str(error)) from error
    signature = check_signature(recording, _secret(args))
    if args.json:
        print(json.dumps(_as_json(recording, verification, signature), indent=2))
    else:
        print("\n".join(_in_words(recording, verification, signature)))
    return 0 if verification.divergence is None and recording.is_whole else FAILED


def _secret(args: argparse.Namespace) -> bytes | None:
    """Return the secret that results are signed with, or None when it is not known here."""
    settings = settings_from(args).settings
    kept = Path(settings.store.data_dir) / SECRET_FILE if settings.store.data_dir else None
    if not (settings.secret or settings.secret_file or (kept is not None and kept.exists())):
        return None
    try:
        return load_secret(settings)
    except SecretError as error:
        raise CommandError(str(error)) from error


def _in_words(
    recording: Recording, verification: Verification, signature: SignatureStatus
) -> list[str]:
    header, journal = recording.header, recording.journal
    seconds = (verification.last_tick - verification.first_tick) / TICKS_PER_SECOND
    mode = _mode(recording)
    lines = [
        f"match     {header.match_id}, round {header.round_number}: {mode} on {header.map_name}",
        f"length    ticks {verification.first_tick} to {verification.last_tick}, "
        f"{int(seconds) // 60}:{int(seconds) % 60:02} min; "
        f"ends in {Phase(verification.phase).name}",
        f"written   by Skirmish {header.build}, {recording.segments} segment(s), "
        f"{recording.size_bytes:,} bytes, {_rate(recording, verification)} a player-minute",
        f"chain     {journal.chain.hex()}",
        f"result    {signature.value}",
        *winner_lines(verification),
        "",
        f"  {'player':<18}{'score':>6}{'kills':>6}{'deaths':>7}",
    ]
    for row in verification.rows:
        name = row.name + (" (bot)" if row.bot else "")
        lines.append(f"  {name:<18}{row.score:>6}{row.kills:>6}{row.deaths:>7}")
    counts = [f"{count} {kind}" for kind, count in sorted(verification.events.items())]
    lines += ["", "events    " + (", ".join(counts) or "none"), *_remarks(recording)]
    return [*lines, _outcome(verification)]


def winner_lines(verification: Verification) -> list[str]:
    """Return a line on who won; none before the round is over."""
    if verification.phase < Phase.SCOREBOARD:
        return []
    winner, points = verification.winner, verification.team_scores
    names = {row.slot: row.name for row in verification.rows}
    if points:
        names = dict(enumerate(TEAMS, 1))
    who = names.get(winner, f"slot {winner}") if winner >= 0 else "nobody: a draw"
    by_side = " to ".join(str(count) for count in points)
    return [f"won by    {who}" + (f" (red to blue: {by_side})" if points else "")]


def _remarks(recording: Recording) -> list[str]:
    remarks = list(recording.remarks)
    if recording.header.build != build():
        remarks.append(f"This is Skirmish {build()}: its rules may be others than those of then.")
    return remarks


def _outcome(verification: Verification) -> str:
    divergence, compared = verification.divergence, verification.compared
    if divergence is not None:
        return (
            f"DIFFERS at tick {divergence.tick} (all agreed at tick {verification.agreed_tick}): "
            f"{divergence.what}"
        )
    digest_words = ", and the final digest" if verification.is_digest_equal else ""
    return (
        f"verified  {compared['traces']} traces and {compared['checkpoints']} checkpoints"
        f"{digest_words} are as recorded"
    )


def _rate(recording: Recording, verification: Verification) -> str:
    minutes = verification.player_minutes
    return f"{recording.size_bytes / minutes:,.0f} bytes" if minutes else "no"


def _mode(recording: Recording) -> str:
    """Return the mode from the first checkpoint: the first field of its first field, the config."""
    try:
        return str(recording.journal.records[0].fields[1][0][0])
    except (IndexError, TypeError, KeyError):
        return "an unknown mode"


def _as_json(
    recording: Recording, verification: Verification, signature: SignatureStatus
) -> dict[str, Any]:
    header, divergence = recording.header, verification.divergence
    return {
        "match": header.match_id,
        "round": header.round_number,
        "mode": _mode(recording),
        "map": header.map_name,
        "map_digest": header.map_digest,
        "build": header.build,
        "replayed_by": build(),
        "first_tick": verification.first_tick,
        "last_tick": verification.last_tick,
        "phase": Phase(verification.phase).name,
        "winner": verification.winner,
        "team_scores": list(verification.team_scores),
        "segments": recording.segments,
        "bytes": recording.size_bytes,
        "player_minutes": round(verification.player_minutes, 3),
        "chain": recording.journal.chain.hex(),
        "signature": signature.name.lower(),
        "players": [
            {
                "slot": row.slot, "name": row.name, "bot": row.bot,
                "score": row.score, "kills": row.kills, "deaths": row.deaths,
            }
            for row in verification.rows
        ],
        "events": dict(sorted(verification.events.items())),
        "remarks": _remarks(recording),
        "damage": recording.journal.damage,
        "compared": dict(verification.compared),
        "differs": None
        if divergence is None
        else {"tick": divergence.tick, "agreed": verification.agreed_tick, "what": divergence.what},
    }  # fmt: skip


def _export(session: ReplaySession, target: str) -> int:
    if target == "-":
        return _write_lines(sys.stdout, _export_lines(session))
    try:
        with open_atomically(Path(target)) as file:
            stream = TextIOWrapper(file, encoding="utf-8", write_through=True)
            status = _write_lines(stream, _export_lines(session))
            stream.detach()
            return status
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror or error}") from error


def _write_lines(stream: TextIO, lines: Iterator[str]) -> int:
    for line in lines:
        print(line, file=stream)
    return 0


def _export_lines(session: ReplaySession) -> Iterator[str]:
    header = session.recording.header
    yield json.dumps(
        {
            "match": header.match_id, "round": header.round_number, "map": header.map_name,
            "first_tick": session.first_tick, "last_tick": session.last_tick,
            "names": session.recording.names_at(session.first_tick),
        }
    )  # fmt: skip
    names = session.recording.names_by_tick()
    for world, events in session.walk(session.first_tick):
        commands, inputs = session.inputs_at(world.tick)
        line: dict[str, Any] = {
            "tick": world.tick,
            "commands": [list(command) for command in commands],
            "inputs": [[slot, *wish] for slot, wish in inputs],
            "events": [_event(event) for event in events],
        }
        if world.tick in names:
            line["names"] = names[world.tick]  # by slot, from the next tick on
        if world.tick % TICKS_PER_SECOND == 0:
            line["world"] = _world(world)
        yield json.dumps(line, separators=(",", ":"))


def _event(event: Event) -> dict[str, Any]:
    kind = EventKind(event[0])
    fields = zip(EVENT_FIELDS[kind], event[1:], strict=True)
    return {"kind": kind.name.lower(), **dict(fields)}


def _world(world: World) -> dict[str, Any]:
    return {
        "digest": digest(world).hex(),
        "phase": Phase(world.phase).name,
        "players": [
            {
                "slot": player.slot, "x": player.x, "y": player.y, "aim": player.aim,
                "alive": player.alive, "health": player.health, "armour": player.armour,
                "weapon": player.weapon, "score": player.score, "kills": player.kills,
                "deaths": player.deaths,
            }
            for player in world.players.values()
        ],
        "shots": [
            [shot.number, shot.weapon, shot.owner, shot.x, shot.y] for shot in world.shots.values()
        ],
    }  # fmt: skip


def _digests(session: ReplaySession) -> Iterator[str]:
    yield f"{session.first_tick} {digest(session.world_at(session.first_tick)).hex()}"
    for world, _ in session.walk(session.first_tick):
        yield f"{world.tick} {digest(world).hex()}"
