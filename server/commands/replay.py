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
from server.commands.errors import FAILED, CommandError
from server.commands.setting_flags import add_setting_flags, settings_from
from server.replays.recording import Recording, RecordingError, open_recording
from server.replays.seal import Seal, check_seal
from server.replays.show import describe_world
from server.replays.tape import Tape, find_arena
from server.replays.verdict import Verdict, judge
from server.secret import FILE_NAME as SECRET_FILE
from server.secret import SecretError, load_secret
from server.version import build
from server.whole_files import written_whole

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
        tape = Tape(recording, find_arena(recording.header, args.maps))
        if args.seek is not None:
            print("\n".join(describe_world(tape, tape.world_at(args.seek))))
            return 0
        if args.digests:
            return _write_lines(sys.stdout, _digests(tape))
        if args.export is not None:
            return _export(tape, args.export)
        verdict = judge(tape)
    except RecordingError as error:
        raise CommandError(str(error)) from error
    seal = check_seal(recording, _secret(args))
    if args.json:
        print(json.dumps(_as_json(recording, verdict, seal), indent=2))
    else:
        print("\n".join(_in_words(recording, verdict, seal)))
    return 0 if verdict.parting is None and recording.is_whole else FAILED


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


def _in_words(recording: Recording, verdict: Verdict, seal: Seal) -> list[str]:
    header, journal = recording.header, recording.journal
    seconds = (verdict.last_tick - verdict.first_tick) / TICKS_PER_SECOND
    mode = _mode(recording)
    lines = [
        f"match     {header.match_id}, round {header.round_number}: {mode} on {header.map_name}",
        f"length    ticks {verdict.first_tick} to {verdict.last_tick}, "
        f"{int(seconds) // 60}:{int(seconds) % 60:02} min; ends in {Phase(verdict.phase).name}",
        f"written   by Skirmish {header.build}, {recording.segments} segment(s), "
        f"{recording.size_bytes:,} bytes, {_rate(recording, verdict)} a player-minute",
        f"chain     {journal.chain.hex()}",
        f"result    {seal.value}",
        *winner_lines(verdict),
        "",
        f"  {'player':<18}{'score':>6}{'kills':>6}{'deaths':>7}",
    ]
    for row in verdict.rows:
        name = row.name + (" (bot)" if row.bot else "")
        lines.append(f"  {name:<18}{row.score:>6}{row.kills:>6}{row.deaths:>7}")
    counts = [f"{count} {kind}" for kind, count in sorted(verdict.events.items())]
    lines += ["", "events    " + (", ".join(counts) or "none"), *_remarks(recording)]
    return [*lines, _outcome(verdict)]


def winner_lines(verdict: Verdict) -> list[str]:
    """Return a line on who won; none before the round is over."""
    if verdict.phase < Phase.SCOREBOARD:
        return []
    winner, points = verdict.winner, verdict.team_scores
    names = {row.slot: row.name for row in verdict.rows}
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


def _outcome(verdict: Verdict) -> str:
    parting, compared = verdict.parting, verdict.compared
    if parting is not None:
        return (
            f"DIFFERS at tick {parting.tick} (all agreed at tick {parting.agreed_tick}): "
            f"{parting.what}"
        )
    digest_words = ", and the final digest" if verdict.is_digest_equal else ""
    return (
        f"verified  {compared['traces']} traces and {compared['checkpoints']} checkpoints"
        f"{digest_words} are as they were"
    )


def _rate(recording: Recording, verdict: Verdict) -> str:
    minutes = verdict.player_minutes
    return f"{recording.size_bytes / minutes:,.0f} bytes" if minutes else "no"


def _mode(recording: Recording) -> str:
    """Return the mode from the first checkpoint: the first field of its first field, the config."""
    try:
        return str(recording.journal.records[0].fields[1][0][0])
    except (IndexError, TypeError, KeyError):
        return "an unknown mode"


def _as_json(recording: Recording, verdict: Verdict, seal: Seal) -> dict[str, Any]:
    header, parting = recording.header, verdict.parting
    return {
        "match": header.match_id,
        "round": header.round_number,
        "mode": _mode(recording),
        "map": header.map_name,
        "map_digest": header.map_digest,
        "build": header.build,
        "replayed_by": build(),
        "first_tick": verdict.first_tick,
        "last_tick": verdict.last_tick,
        "phase": Phase(verdict.phase).name,
        "winner": verdict.winner,
        "team_scores": list(verdict.team_scores),
        "segments": recording.segments,
        "bytes": recording.size_bytes,
        "player_minutes": round(verdict.player_minutes, 3),
        "chain": recording.journal.chain.hex(),
        "signature": seal.name.lower(),
        "players": [
            {
                "slot": row.slot, "name": row.name, "bot": row.bot,
                "score": row.score, "kills": row.kills, "deaths": row.deaths,
            }
            for row in verdict.rows
        ],
        "events": dict(sorted(verdict.events.items())),
        "remarks": _remarks(recording),
        "damage": recording.journal.damage,
        "compared": dict(verdict.compared),
        "differs": None
        if parting is None
        else {"tick": parting.tick, "agreed": parting.agreed_tick, "what": parting.what},
    }  # fmt: skip


def _export(tape: Tape, target: str) -> int:
    if target == "-":
        return _write_lines(sys.stdout, _export_lines(tape))
    try:
        with written_whole(Path(target)) as file:
            stream = TextIOWrapper(file, encoding="utf-8", write_through=True)
            status = _write_lines(stream, _export_lines(tape))
            stream.detach()
            return status
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror or error}") from error


def _write_lines(stream: TextIO, lines: Iterator[str]) -> int:
    for line in lines:
        print(line, file=stream)
    return 0


def _export_lines(tape: Tape) -> Iterator[str]:
    header = tape.recording.header
    yield json.dumps(
        {
            "match": header.match_id, "round": header.round_number, "map": header.map_name,
            "first_tick": tape.first_tick, "last_tick": tape.last_tick,
            "names": tape.recording.names_at(tape.first_tick),
        }
    )  # fmt: skip
    names = tape.recording.names_by_tick()
    for world, events in tape.walk(tape.first_tick):
        commands, inputs = tape.entered(world.tick)
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


def _digests(tape: Tape) -> Iterator[str]:
    yield f"{tape.first_tick} {digest(tape.world_at(tape.first_tick)).hex()}"
    for world, _ in tape.walk(tape.first_tick):
        yield f"{world.tick} {digest(world).hex()}"
