"""`python -m bench.recovery`: workers are killed and replaced under load; what do players notice?

Ten matches of 16 on two workers. A worker is killed with SIGKILL twenty times, then all of them are
replaced by `skirmish upgrade`, and at the end the gateway is killed. Prints one table and writes
bench/recovery.json. The load shares the machine with the server.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.contender import ROOT, free_port
from bench.contender_skirmish import UNLIMITED, FightingSkirmish, SetupConnection
from bench.load import Walk
from bench.machine import facts
from bench.proof import prove
from bench.returning import Absence, ReturningLoad, ReturningPlayer
from game.wire.match_messages import Welcome
from server.maps.files import load_maps
from server.match.journal_files import FolderInUseError, JournalFolder

WORKERS = 2
START_S = 30.0
SETTLE_S = 4.0
BETWEEN_KILLS_S = 4.0
BACK_S = 1.0  # p95 from the kill to the first snapshot after it
GAP_S = 0.5  # the longest gap between two snapshots of any player during an upgrade


@dataclass
class Server:
    """`skirmish serve --workers 2` in a folder of its own."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def events(self, name: str) -> list[dict[str, Any]]:
        """All log lines of one event so far."""
        lines = (self.folder / "log").read_text().splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in found if line["event"] == name]

    def pid_of(self, name: str) -> int:
        """The process that has a role now."""
        return int([it["pid"] for it in self.events("process_serves") if it["process"] == name][-1])

    def workers(self) -> list[str]:
        """Names of the workers that serve now."""
        retired = {it["pid"] for it in self.events("worker_retired")}
        serving = {it["process"]: it["pid"] for it in self.events("process_serves")}
        return sorted(n for n, pid in serving.items() if n != "gateway" and pid not in retired)

    def command(self, word: str) -> list[str]:
        """A command for this server."""
        data = ["--store.data_dir", str(self.folder / "state")]
        return [sys.executable, "-m", "server.cli", word, *data]


class Returning(FightingSkirmish):
    """Players who reconnect."""

    def _player(self, match: SetupConnection, walk: Walk, welcome: Welcome) -> ReturningPlayer:
        return ReturningPlayer(match.link, match.unread(), walk, welcome)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server with workers, until the block ends."""
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = Server(port, folder, None)  # type: ignore[arg-type]
        command = [*server.command("serve"), "--workers", str(WORKERS), "--port", str(port)]
        command += ["--log-format", "json", "--grace_s", "0"]
        environment = {**os.environ, **UNLIMITED}
        server.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        deadline = time.monotonic() + START_S
        while len(server.events("process_serves")) < WORKERS + 1:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()[-2000:])
            time.sleep(0.1)
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def kill_workers(server: Server, load: ReturningLoad, count: int) -> dict[str, Any]:
    """Kill one worker after another; returns how long players were away."""
    waits_s: list[float] = []
    tries: Counter[int] = Counter()
    troubles: Counter[str] = Counter()
    for number in range(count):
        names = server.workers()
        pid = server.pid_of(names[number % len(names)])
        killed_s = time.perf_counter()
        os.kill(pid, signal.SIGKILL)
        load.play(BETWEEN_KILLS_S)
        for absence in absences_since(load, killed_s):
            waits_s.append((absence.back_s or time.perf_counter()) - killed_s)
            tries[absence.tries] += 1
            troubles.update(absence.reasons)
    took = [it["took_ms"] for it in server.events("process_serves") if it["matches_restored"]]
    return {
        "kills": count,
        "returns": len(waits_s),
        "back_ms_p50": ms(quantile(waits_s, 0.50)),
        "back_ms_p95": ms(quantile(waits_s, 0.95)),
        "back_ms_max": ms(max(waits_s, default=0.0)),
        "takeover_ms_p50": statistics.median(took) if took else 0,
        "takeover_ms_max": max(took, default=0),
        "tries": {str(key): value for key, value in sorted(tries.items())},
        "troubles": dict(troubles),
        "not_back": sum(player.state != "playing" for player in load.players),
    }


def upgrade(server: Server, load: ReturningLoad) -> dict[str, Any]:
    """Replace all processes; returns the longest time in which any player saw nothing new."""
    for player in load.players:
        player.longest_gap_s = 0.0
    began_s = time.perf_counter()
    process = subprocess.Popen(
        server.command("upgrade"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    load.play(120.0, until=lambda: process.poll() is not None)
    took_s = time.perf_counter() - began_s
    said = process.communicate()[0].decode().splitlines()
    load.play(2.0)
    gaps_s = [player.longest_gap_s for player in load.players]
    return {
        "status": process.returncode,
        "said": said[-1:],
        "seconds": round(took_s, 1),
        "longest_gap_ms": ms(max(gaps_s)),
        "longest_gap_ms_p50": ms(quantile(gaps_s, 0.5)),
        "returns": len(absences_since(load, began_s)),
        "troubles": dict(Counter(r for a in absences_since(load, began_s) for r in a.reasons)),
        "not_back": sum(player.state != "playing" for player in load.players),
    }


def kill_gateway(server: Server, load: ReturningLoad) -> dict[str, Any]:
    """Kill the gateway; matches should not notice."""
    for player in load.players:
        player.longest_gap_s = 0.0
    killed_s = time.perf_counter()
    os.kill(server.pid_of("gateway"), signal.SIGKILL)
    load.play(3.0)
    return {
        "longest_gap_ms": ms(max(player.longest_gap_s for player in load.players)),
        "disconnects": len(absences_since(load, killed_s)),
    }


def end_at_once(server: Server, journals: Path) -> None:
    """Kill all processes, and append to the files what the workers wrote last."""
    server.process.kill()
    server.process.wait()
    for place in journals.glob("worker-*"):
        while True:
            try:
                JournalFolder(place).release()
                break
            except FolderInUseError:
                time.sleep(0.05)


def absences_since(load: ReturningLoad, since_s: float) -> list[Absence]:
    """The absences after a moment."""
    return [it for player in load.players for it in player.absences if it.lost_s >= since_s]


def measure(matches: int, kills: int) -> dict[str, Any]:
    """Run the whole bench."""
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as server:
        players = Returning().players(server.port, 16 * matches)
        returning = [it for it in players if isinstance(it, ReturningPlayer)]
        witnesses = {player.match_id: player for player in returning}
        for player in witnesses.values():
            player.witnessed = [player.first]
        load = ReturningLoad(server.port, returning)
        load.play(SETTLE_S)
        report = {
            "machine": facts(),
            "load_average": round(os.getloadavg()[0], 1),  # of the last minute: what else ran
            "matches": len(witnesses),
            "players": len(players),
            "killed": kill_workers(server, load, kills),
            "upgraded": upgrade(server, load),
            "gateway": kill_gateway(server, load),
        }
        load.close()
        journals = server.folder / "state" / "journals"
        end_at_once(server, journals)
        maps = load_maps(ROOT / "maps")
        proofs = [
            prove(match_id, journals, witness.witnessed or [], maps)
            for match_id, witness in witnesses.items()
        ]
    report["journals"] = {
        "matches": len(proofs),
        "files": sum(proof.files for proof in proofs),
        "ticks_replayed": sum(proof.ticks for proof in proofs),
        "views_compared": sum(proof.compared for proof in proofs),
        "faults": [f"{proof.match_id}: {proof.fault}" for proof in proofs if proof.fault],
    }
    return report


def verdicts(report: dict[str, Any]) -> dict[str, bool]:
    """The requirements, and whether each held."""
    killed, upgraded, journals = report["killed"], report["upgraded"], report["journals"]
    return {
        "everybody is back": not killed["not_back"] and not upgraded["not_back"],
        f"p95 back within {BACK_S:g} s": killed["back_ms_p95"] < BACK_S * 1000,
        "all that was seen is in the journals": not journals["faults"],
        "the upgrade replaced everything": upgraded["status"] == 0,
        f"no gap of {GAP_S:g} s in the upgrade": upgraded["longest_gap_ms"] < GAP_S * 1000,
        "nobody noticed the gateway": report["gateway"]["disconnects"] == 0,
    }


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    killed, upgraded, journals = report["killed"], report["upgraded"], report["journals"]
    lines = [
        f"{report['matches']} matches, {report['players']} players on {WORKERS} workers "
        f"(load average before: {report['load_average']})",
        f"{killed['kills']} kills, {killed['returns']} ways back: "
        f"{killed['back_ms_p50']} ms (p50), {killed['back_ms_p95']} (p95), "
        f"{killed['back_ms_max']} (longest); "
        f"the spare took over within {killed['takeover_ms_p50']} ms (p50)",
        f"journals: {journals['files']} files, {journals['ticks_replayed']} ticks replayed, "
        f"{journals['views_compared']} views compared, faults: {journals['faults'] or 'none'}",
        f"upgrade in {upgraded['seconds']} s: {upgraded['said']}, longest gap "
        f"{upgraded['longest_gap_ms']} ms, {upgraded['longest_gap_ms_p50']} (p50)",
        f"gateway killed: longest gap {report['gateway']['longest_gap_ms']} ms, "
        f"{report['gateway']['disconnects']} disconnects",
    ]
    held = [f"{what}: {'ok' if ok else 'SHORT'}" for what, ok in verdicts(report).items()]
    return "\n".join([*lines, "", *held])


def quantile(values: list[float], share: float) -> float:
    """The value that this share lies at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)


def main() -> int:
    """Measure; returns 0 when every requirement held."""
    parser = argparse.ArgumentParser(prog="python -m bench.recovery", description=__doc__)
    parser.add_argument("--matches", type=int, default=10)
    parser.add_argument("--kills", type=int, default=20)
    chosen = parser.parse_args()
    report = measure(chosen.matches, chosen.kills)
    report["verdicts"] = verdicts(report)
    print(table(report))
    (ROOT / "bench" / "recovery.json").write_text(json.dumps(report, indent=2) + "\n")
    return 0 if all(report["verdicts"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
