"""Replays: watching, pausing, downloading, listing and seeking; and the journals for it."""

import gzip
import shutil
import time
from pathlib import Path
from random import Random

from attrs import astuple

import game
import maps
from bench.abuse.flood import Flood, SendPlan, flood
from bench.abuse.outcome import Outcome, Target
from bench.abuse.wire import BlockingConnection, Ended, dial
from bench.battle import FIGHTING
from bench.raw_websocket import masked
from game.inputs import Command, CommandKind
from game.journal import Header, JournalWriter, Person
from game.journal.records import CHECKPOINT_EVERY_TICKS, NO_CHAIN
from game.modes import MODES
from game.state import dump_tuning
from game.wire.codec import encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import OpenReplay, Seek, Speed, Welcome
from server.maps.files import load_maps
from server.match.rounds import MatchSpec
from server.match.status import BotPolicy

JOURNALS = 1_500
LONG_TICKS, SHORT_TICKS, PLAYERS = 60 * 60, 60, 8
LONG, MAP = "longround0", "bastion"
NAME = f"{LONG}-r0000"


def fill(state: Path) -> None:
    """Write the journals of finished rounds: one long, and many short."""
    place = state / "journals" / "place-0" / "finished"
    place.mkdir(parents=True)
    (place / f"{NAME}-s000.skj.gz").write_bytes(_journal(LONG, LONG_TICKS))
    first = place / "short00000-r0000-s000.skj.gz"
    first.write_bytes(_journal("short00000", SHORT_TICKS))
    for number in range(1, JOURNALS):
        shutil.copy(first, place / f"short{number:05}-r0000-s000.skj.gz")


def paused_downloaded_listed(target: Target, until_s: float) -> Outcome:
    """Eight who pause a replay, and a hundred connections that download and list."""
    outcome = Outcome()
    viewers = _viewers(target, outcome)
    for viewer in viewers:
        viewer.say(Speed(0))
    paths = (f"/replays/{NAME}.skj.gz", "/replays")
    head = b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths)
    diet = SendPlan(head, unit_bytes=len(head) // 2, unit="requests", is_http=True)
    Flood(lambda _: dial(target.port, target.source()), diet, outcome).run(100, until_s)
    for viewer in viewers:
        viewer.close()
    return outcome


def lists(target: Target, until_s: float) -> Outcome:
    """Twenty connections that list 1,500 journals."""
    head = b"GET /replays HTTP/1.1\r\nHost: x\r\n\r\n"
    diet = SendPlan(head, unit_bytes=len(head), unit="requests", is_http=True)
    return flood(lambda _: dial(target.port, target.source()), 20, diet, until_s)


def seeks(target: Target, until_s: float) -> Outcome:
    """Eight who jump to and fro in a replay as fast as they are let."""
    outcome, dice = Outcome(), Random(1)
    viewers = _viewers(target, outcome)
    while time.monotonic() < until_s:
        for viewer in list(viewers):
            try:
                viewer.link.settimeout(0.01)
                viewer.link.sendall(masked(encode(Seek(dice.randrange(LONG_TICKS)))))
                outcome.done["seeks"] += 1
                viewer.listen(time.monotonic() + 0.002)
                viewer.rest()
            except Ended as ended:
                if ended.word != "silence":
                    outcome.ended[ended.word] += 1
                    viewers.remove(viewer)
            except OSError:
                viewers.remove(viewer)
        time.sleep(0.03)
        if not viewers:
            viewers = _viewers(target, outcome)
            time.sleep(0.1)
    return outcome


def openings(target: Target, until_s: float) -> Outcome:
    """A long replay opened and left, again and again: each time it is read from its beginning."""
    outcome = Outcome()
    while time.monotonic() < until_s:
        try:
            viewer = BlockingConnection(target.port, f"/replay/{NAME}", target.source())
            viewer.say(OpenReplay(fingerprint()))
            viewer.close()
            outcome.done["viewers"] += 1
        except Ended as ended:
            outcome.ended[ended.word] += 1
    return outcome


def _viewers(target: Target, outcome: Outcome) -> list[BlockingConnection]:
    """Open eight viewers, or as many as are let in."""
    viewers = []
    for _ in range(target.crowd(8)):
        try:
            viewer = BlockingConnection(target.port, f"/replay/{NAME}", target.source())
            viewer.say(OpenReplay(fingerprint()))
            viewer.hear(Welcome)
        except Ended as ended:
            outcome.ended[ended.word] += 1
        else:
            viewers.append(viewer)
    outcome.done["viewers"] += len(viewers)
    return viewers


def _journal(match_id: str, ticks: int) -> bytes:
    """The journal of a public round with fighting, as a host writes it."""
    arena = load_maps(Path(maps.__file__).parent)[MAP]
    world = game.new(MODES["deathmatch"].configure(arena, 1, ()), arena)
    dice, writer = Random(1), JournalWriter()
    spec = astuple(MatchSpec(match_id, "deathmatch", MAP, 1, BotPolicy()))
    tuning = dump_tuning(world.tuning)
    facts = (match_id, 0, 0, spec, MAP, arena.digest, fingerprint(), "bench", tuning)
    writer.header(Header(NO_CHAIN, *facts))
    for tick in range(ticks):
        if tick % CHECKPOINT_EVERY_TICKS == 0:
            writer.checkpoint(world)
        if tick == 0:
            names = [Person(slot, "", f"P{slot}", b"", b"", b"") for slot in range(PLAYERS)]
            writer.people(names, (1, "bench"))
        commands = [Command(CommandKind.JOIN, slot, 0) for slot in range(PLAYERS)]
        commands = commands if tick == 0 else []
        inputs = FIGHTING.press(world, dice)
        writer.tick(world, commands, inputs)
        game.step(world, commands, inputs)
    return gzip.compress(writer.take(), 6)
