"""The invariants of every run, whatever goes wrong in it.

Owns: the verdict. Must not know: the scenario. Invariant: it only observes; a run is the same with
and without it.

At all times: no tick raises and no code of ours fails; a good client is never accused of
misbehaving; no player loses a seat within the resume window; no player waits for long. At each
recovery: every tick that anybody saw is there, and the state and the people are the same as before.
At the end: every scored round is one row; every journal replays to the same digests; nothing is
left over.
"""

import sys
import traceback
from collections import Counter, defaultdict
from contextvars import ContextVar
from typing import Any

import cbor2
import structlog
import trio
from attrs import define, evolve, field

from clients.net.errors import ConnectionEndedError
from game.wire.messages import CloseCode, Refusal
from server.match.match import Match
from server.match.recovery import Recovered
from server.match.registry import CRASHES_MAX, HEALTHY_POLL_S, HEALTHY_S
from server.security.tickets import MAC_BYTES
from tests.simulation.effects import Mortal
from tests.simulation.player import NO_FAULT, Player
from tests.simulation.process import Machine, Process
from tests.simulation.recoveries import Death, recovery_faults

LOOK_S = 0.25
WAIT_S_MAX = 25.0  # for a seat, or for the match's next snapshot, while a server is up
LATE_S = 3.0  # how long a snapshot can be on the way: a stall, and the delay
INNOCENT = (  # logged errors that a run causes on purpose
    "journal_not_written", "journal_abandoned", "journal_set_aside", "results_lost",
)  # fmt: skip
ACCUSATIONS = (
    CloseCode.MALFORMED, CloseCode.FLOOD, CloseCode.FAULT, CloseCode.OUTDATED,
    1002, 1003, 1007, 1009, 1011,
)  # fmt: skip

CURRENT: "ContextVar[Mortal | None]" = ContextVar("CURRENT", default=None)

PersonKey = tuple[str, str]  # match id, player id
RoundKey = tuple[str, int]  # match id, round number


@define(eq=False)
class Witness:
    """See the module. `faults` are sentences; read the first one."""

    machine: Machine
    resume_s: float
    faults: list[str] = field(factory=list)
    failed: trio.Event = field(factory=trio.Event)
    players: list[Player] = field(factory=list)
    process: Process | None = None
    shown: dict[RoundKey, int] = field(
        factory=lambda: defaultdict(int)
    )  # the last tick anybody saw
    seats: dict[PersonKey, int] = field(factory=dict)  # slots of welcomed players until they leave
    rounds: dict[int, RoundKey] = field(factory=dict)  # by seed
    deaths: dict[str, Death] = field(factory=dict)  # each match at the last death it was in
    unrecorded: dict[str, str] = field(factory=dict)  # matches without a journal, and why
    blames: Counter[str] = field(factory=Counter)  # deaths at work on a match, soon after another
    started_s: float = 0.0
    paused_s: float = 0.0  # how long the machine stood still since then
    recovered_count: int = 0
    _handing_over: dict[str, Death] = field(factory=dict)
    _last_look: dict[PersonKey, int] = field(
        factory=dict
    )  # at which age each seated player was dropped

    def fault(self, *words: object) -> None:
        """Record a fault, which ends the run."""
        text = " ".join(map(str, words))
        self.machine.trace.note("witness", "FAULT", text)
        self.faults.append(text)
        self.failed.set()

    # Reports from players.

    def saw(self, player: Player) -> None:
        """Note that the player was shown a tick."""
        welcome = player.welcome
        if welcome is None:
            self.fault(player.plan.name, "was shown a tick before the welcome")
            return
        key = (welcome.match, welcome.round)
        self.shown[key] = max(self.shown[key], player.tick)

    def welcomed(self, player: Player) -> None:
        """Note that the player has a seat; one that returns must have the same slot."""
        slot, round_number = player.welcome.slot, player.welcome.round
        key = (player.welcome.match, person_of(player.token))
        before = self.seats.get(key)
        is_same_round = before is not None and before >> 8 == round_number
        if is_same_round and before & 0xFF != slot & 0xFF:
            self.fault(player.plan.name, f"came back to slot {slot}, but sat in {before & 0xFF}")
        self.seats[key] = round_number << 8 | slot & 0xFF

    def left(self, player: Player) -> None:
        """Note that the player leaves: the seat may go."""
        for token in (player.token, player.seat.ticket if player.seat else b""):
            if token:
                self.seats.pop((player.seat.match, person_of(token)), None)

    def parted(self, player: Player, end: ConnectionEndedError) -> None:
        """Check the close code: a good client must not be accused of anything."""
        if end.code in ACCUSATIONS:
            self.fault(player.plan.name, f"was closed with {end.code}: {end.reason}")

    def refused(self, player: Player, code: int, text: str) -> None:
        """Check a refusal: fresh tickets, and tokens within the window, must be accepted."""
        if code in NO_FAULT or player.seat is None:
            return
        now_s = trio.current_time()
        if not player.token:
            is_fresh = now_s - player.seat.given_s < self.machine.settings.lobby.ticket_s - LATE_S
            if is_fresh:
                self.fault(player.plan.name, f"was refused a fresh ticket: {text}")
        elif now_s - player.heard_s < self.resume_s - LATE_S:
            away_s = now_s - player.heard_s
            if player.seat.match not in self.unrecorded:
                self.fault(player.plan.name, f"lost their seat after {away_s:.1f} s: {text}")
        assert code != Refusal.OUTDATED, "there is one version"

    # Events of processes.

    def stood_still(self, for_s: float) -> None:
        """Note a freeze of the machine: nothing ticked, so no match has proved itself healthy."""
        self.paused_s += for_s

    def died(self, process: Process) -> None:
        """Remember, at the moment of death, what there was to lose."""
        self._handing_over = {}
        app = process.app
        self._last_look = {}
        self.deaths = {}
        if app is None:
            return
        if app.registry.journals is not None:
            lived_s = trio.current_time() - self.started_s - self.paused_s
            if lived_s > HEALTHY_S + HEALTHY_POLL_S:
                self.blames.clear()
            self.blames[app.registry.journals.folder.crash_marker.match_id] += 1
        for match in app.registry._matches.values():
            self._remember(match)

    def ended(self, process: Process) -> None:
        """Check a planned end: matches are over or kept, and nothing is left over."""
        assert process.app is not None, "it has started"
        was_handed_over = process.app.registry.was_handed_over
        self.deaths = {it: death for it, death in self._handing_over.items() if was_handed_over(it)}
        self._handing_over, self._last_look = {}, {}
        census = process.app.census()
        if not self.machine.ledger.is_healed:  # the next process stores what could not be written
            census = evolve(census, results_pending=0)
        if not census.is_empty:
            self.fault("left over:", census)

    def moved(self, match: Match) -> None:
        """Remember a match that is about to be handed over; it must resume unchanged."""
        self._last_look = {}
        self._remember(match)

    def handing_over(self, match: Match) -> None:
        """Remember a match at the end of a process; the next one has to resume it."""
        self._remember(match)
        self._handing_over[match.spec.match_id] = self.deaths[match.spec.match_id]

    def handed_over(self, match_id: str) -> None:
        """Forget a match that could not be kept."""
        self._handing_over.pop(match_id, None)

    def _remember(self, match: Match) -> None:
        match_id = match.spec.match_id
        self.rounds[match.plan.config.seed] = (match_id, match.plan.number)
        people = {it.player_id for it in match.seating.players.values()}
        seated = {pid for pid in people if (match_id, pid) in self.seats}
        is_behind = match.recorder is not None and match.recorder.is_behind
        if is_behind:
            self.unrecorded[match_id] = "the disk took nothing"
        self.deaths[match_id] = Death(
            match, match.plan.number, seated, match.ended_reason, is_behind
        )

    def recovered(self, recovered: Recovered) -> None:
        """Check that a match about to be resumed is the same as before."""
        self.recovered_count += 1
        match_id, world = recovered.spec.match_id, recovered.world
        self.machine.trace.note("recovered", match_id, recovered.plan.number, world.tick)
        self.rounds[world.config.seed] = (match_id, recovered.plan.number)
        shown = {number: tick for (name, number), tick in self.shown.items() if name == match_id}
        for text in recovery_faults(
            recovered, self.deaths.get(match_id), shown, self.machine.record
        ):
            self.fault(match_id, text)

    def started(self, process: Process) -> None:
        """Check that a new process has every match that could be resumed."""
        self.process, self.started_s, self.paused_s = process, trio.current_time(), 0.0
        assert process.app is not None, "it has started"
        for match_id, death in self.deaths.items():
            was_shown = any(name == match_id for name, _ in self.shown)
            is_excused = death.ended_reason or match_id in self.unrecorded or not was_shown
            if process.app.registry.find(match_id) is None and not is_excused:
                self.fault(f"match {match_id} was not gone on with")

    # Checks from outside, at any time.

    async def watch(self) -> None:
        """Look every `LOOK_S`, forever."""
        while True:
            await trio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """Check once that nobody waits too long, and that no seat was lost."""
        now_s = trio.current_time()
        for player in self.players:
            since_s = player.waiting_since_s
            if since_s is None or (player.plan.wish == "watch" and player.seat is None):
                continue
            if now_s - max(since_s, self.started_s) > WAIT_S_MAX:
                self.fault(player.plan.name, f"has been waiting since {since_s:.1f}")
        process = self.process
        if process is not None and process.app is not None and not process.mortal.is_dead:
            self._look_at_seats(process.app.registry._matches)

    def _look_at_seats(self, matches: dict[str, Match]) -> None:
        seen: dict[PersonKey, int] = {}
        for match_id, match in matches.items():
            self.rounds[match.plan.config.seed] = (match_id, match.plan.number)
            window = int(self.resume_s * 60)
            for member in match.seating.players.values():
                seen[match_id, member.player_id] = member.dropped_age
            for key, dropped_age in self._last_look.items():
                if key[0] != match_id or key in seen or key not in self.seats:
                    continue
                if dropped_age < 0 or match.age - dropped_age < window:
                    self.fault(f"the seat of {key[1]} in {match_id} is gone, and nobody left it")
                del self.seats[key]
        self._last_look = seen

    def heard_log(self, _: Any, level: str, event: dict[str, Any]) -> Any:
        """Process a structlog event: an error logged by a living process is a fault."""
        mortal = CURRENT.get()
        if mortal is not None and mortal.is_dead:
            raise structlog.DropEvent
        name = event["event"]
        words = [f"{key}={event[key]}" for key in sorted(event) if key in LOGGED]
        self.machine.trace.note("log", level, name, *words)
        if name in ("journal_abandoned", "journal_set_aside"):
            self.unrecorded[event["match"]] = event["reason"]
            self._judge_set_aside(event["match"], event["reason"])
        elif level in ("error", "exception", "critical") and name not in INNOCENT:
            self.fault(f"{name}: {event.get('exc_info') and describe_exception()} {words}")
        raise structlog.DropEvent

    def _judge_set_aside(self, match_id: str, reason: str) -> None:
        is_known = any(word in reason for word in ("disk", "no file"))
        if "processes died" in reason:
            is_known = self.blames[match_id] >= CRASHES_MAX
        is_young = not any(name == match_id for name, _ in self.shown)
        if not is_known and not is_young:
            self.fault(f"match {match_id} was set aside: {reason}")


LOGGED = frozenset({"match", "code", "reason", "slot", "path", "round", "tick", "map", "kind"})


def person_of(token: bytes) -> str:
    """The player id in a ticket."""
    return str(cbor2.loads(token[:-MAC_BYTES])[2])


def describe_exception() -> str:
    """The exception that is being logged, with its traceback."""
    error = sys.exc_info()[1]
    return "".join(traceback.format_exception(error)) if error is not None else ""
