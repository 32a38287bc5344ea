"""One match, synchronously: what happens at a tick boundary, in order.

Owns: the world of the current round, and what its members are sent. Must not know: Trio, time (it
counts ticks), HTTP. Invariant: the world changes in `advance` and nowhere else; all that enters it
are commands and inputs.

    drain ─► check ─► inbox ─► step ─► view ─► encode ─► write      (see docs/ARCHITECTURE.md)
"""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import astuple, evolve, frozen

from game.arena import Arena
from game.events import Event
from game.inputs import Command, CommandKind, InputFields
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.codec import encode
from game.wire.match_messages import Notice
from game.wire.messages import CloseCode, Refusal
from game.world import Phase
from server.match.bots import MatchBots
from server.match.broadcast import Broadcast, roster_message, welcome_message
from server.match.counters import MatchCounters
from server.match.members import ConnectionHandle, Member, Readiness
from server.match.receiver import CHECKED_EVERY_TICKS, MemberStream, MessageReceiver, Timeouts
from server.match.recorder import MatchRecorder
from server.match.recovery import Recovered
from server.match.rounds import (
    MatchSpec,
    RoundPlan,
    next_map,
    plan_round,
    player_result,
    round_result,
    shot_key,
    standings,
)
from server.match.rules import BotFactory, Rules, World
from server.match.seating import AdmissionError, Entrant, Seating
from server.match.settings import MatchSettings
from server.match.status import MatchStatus
from server.store.base import MatchResult, PlayerResult

UNVISITED_S = 5  # after the last reservation of a match that nobody joined, which then ends
PEOPLE_OVER_SCORE = 1_000  # an even number of people on both sides counts more than any score
ROSTER_EVERY_TICKS = 2 * TICKS_PER_SECOND  # pings change all the time; names do not


@frozen
class MatchContext:
    """The context that all matches of a process share."""

    rules: Rules
    bot_factory: BotFactory
    maps: Mapping[str, Arena]
    settings: MatchSettings
    counters: MatchCounters
    resume_ticket: Callable[[str, Member], bytes]  # (match id, member) → their resume token
    now_s: Callable[[], float]  # Unix time, for results only: no rule reads it


class Match:
    """See the module. `readiness` watches the sockets."""

    # State of the current round.
    plan: RoundPlan
    world: World
    broadcast: Broadcast
    _events: list[Event]  # since the last snapshot
    _is_scored: bool

    def __init__(
        self,
        spec: MatchSpec,
        context: MatchContext,
        readiness: Readiness,
        recorder: MatchRecorder | None = None,
        recovered: Recovered | None = None,
    ) -> None:
        """Open the first round, or resume the one that was recovered from its journal.

        Without a `recorder` it has no journal.
        """
        self.spec = spec
        self.context = context
        self.readiness = readiness
        self.recorder = recorder
        self.results: list[MatchResult] = []  # finished, until the host fetches them
        self.ended_reason = ""
        self.failure: Exception | None = None  # why it failed; its host ends it
        self.is_broken = False  # its journal is the bug report
        self.is_moving = False  # another process resumes its journal
        self.age = 0  # ticks over all rounds
        self.is_last_round = False
        # Until the first visit only `age` advances; the world stands still.
        self.was_visited = recovered is not None or not context.settings.wait_for_people
        self._empty_since = 0
        self._departed: list[PlayerResult] = []  # gone while points counted
        self._is_counting = False
        if recovered is None:
            plan = plan_round(context.maps, spec, spec.map_name, 0, spec.bots.population)
        else:
            plan = recovered.plan
        self._open(plan)
        self.seating = Seating(
            settings=context.settings,
            bots=(
                spec.bots,
                MatchBots(context.bot_factory, plan.arena, plan.config.seed, spec.bots.level),
            ),
            seats=plan.config.players_max,
            bot_priority=self._bot_priority,
            on_vacate=self._note_departure,
        )
        if recovered is not None:
            self._restore(recovered)
        if self.was_visited:
            self.seating.adjust_bots()
        self._begin_journal()
        self.timeouts = Timeouts(context.settings, context.counters, self.seating)
        self.receiver = MessageReceiver(context.settings, context.counters, self._vote, self._leave)

    # The tick.

    def advance(self) -> None:
        """Run one tick, on what its members' sockets hold.

        Messages are sent in the ticks that have a snapshot; nobody would see them earlier.
        """
        if not self.was_visited:  # the world stands still, so an empty match costs nothing
            self.age += 1
            if self.age % CHECKED_EVERY_TICKS == 0:
                self._upkeep()
            return
        world = self.world
        last = world.tick
        for each in self.receiver.drain_ready(last, self.age):
            self.readiness.again(each)
        self.age += 1
        if self.age % CHECKED_EVERY_TICKS == 0:
            self._upkeep()
        commands = self.seating.take_commands()
        inputs = self._inputs(last + 1)
        if self.recorder is not None:
            if self.seating.people_changed:
                self._note_people()
            self.recorder.tick(world, commands, inputs)
        self._events += self.context.rules.step(world, commands, inputs)
        if world.phase >= Phase.SCOREBOARD and not self._is_scored:
            self._score()
        if world.tick % SNAPSHOT_EVERY_TICKS == 0:
            self._send()
        if world.phase == Phase.OVER:
            self._next_round()

    def _inputs(self, tick: int) -> list[tuple[int, InputFields]]:
        """All new inputs for this tick, in the canonical order: by slot."""
        seating, world = self.seating, self.world
        # Players who join in this tick are not in the world yet.
        inputs = seating.input_buffer.take(tick, seating.players, world.players)
        if seating.bots.brains:
            inputs += seating.bots.inputs(world)
            inputs.sort()
        return inputs

    def _send(self) -> None:
        self._commit()
        seating = self.seating
        if seating.roster_changed or self.age % ROSTER_EVERY_TICKS == 0:
            seating.roster_changed = False
            self._send_roster()
        events, self._events = self._events, []
        broadcast = self.broadcast
        view = self.context.rules.view(
            self.world, events, broadcast.shots.renumber, broadcast.newest
        )
        broadcast.send(view, seating.connected(), self.age)

    def _send_roster(self) -> None:
        message = roster_message(self.seating)
        for member in self.seating.connected():
            if member.needs_welcome:
                self._welcome(member)
            member.enqueue(message)

    def _welcome(self, member: Member) -> None:
        member.needs_welcome = False
        member.base_tick = None
        resume = self.context.resume_ticket(self.spec.match_id, member)
        plan, maps = self.plan, self.context.maps
        member.enqueue(welcome_message(member, self.world.tick, resume, plan, maps))

    # People.

    def reserve(self, player_id: str, seconds: int) -> bool:
        """Reserve a seat for a newly issued ticket; False when none is free."""
        if self.ended_reason or self.is_last_round:
            return False
        return self.seating.reserve(player_id, self.age, seconds)

    def admit(self, entrant: Entrant, handle: ConnectionHandle) -> Member:
        """Seat a player, or return them to their seat. Raises `AdmissionError`."""
        self.check_open()
        if not self.was_visited:
            self.was_visited = True
            self.seating.adjust_bots()
        member = self.seating.admit(entrant, handle, self.age)
        self.context.counters.resumed += entrant.kind == "resume"
        owner = MemberStream(self.receiver, member, handle.stream)
        self.readiness.register(handle.stream, owner)
        if handle.stream.has_backlog:
            self.readiness.again(owner)
        return member

    def check_open(self) -> None:
        """Raises `AdmissionError` when the match no longer admits players."""
        if self.is_moving:
            raise AdmissionError(CloseCode.MOVED, Refusal.STATE, "the match goes on elsewhere")
        if self.ended_reason:
            raise AdmissionError(CloseCode.MATCH_OVER, Refusal.MATCH, "that match is over")

    def drop(self, member: Member, handle: ConnectionHandle) -> None:
        """Note that a connection was lost. A player keeps the seat; a watcher is forgotten."""
        self.readiness.unregister(handle.stream)
        self.seating.drop(member, handle, self.age)

    def receive(self, member: Member, handle: ConnectionHandle, payload: bytes) -> None:
        """Handle one message that the library assembled, from fragments for example."""
        if member.handle is handle:
            member.heard_age = self.age
            self.receiver.receive(member, payload, self.world.tick)

    def close(self, code: CloseCode, reason: str) -> None:
        """End the match and every connection to it. Calling it again changes nothing."""
        if self.ended_reason:
            return
        self.ended_reason = reason
        if self.recorder is not None:
            self.recorder.close()
        for member in self.seating.connected():
            member.end(code, reason)

    @property
    def has_connected(self) -> bool:
        """Whether the match runs and any member is connected."""
        return not self.ended_reason and any(self.seating.connected())

    def notify(self, text: str, seconds: int) -> None:
        """Send a notice of the server to all members."""
        message = encode(Notice(text, seconds))
        for member in self.seating.connected():
            member.enqueue(message)

    def status(self) -> MatchStatus:
        """The match as the lobby sees it."""
        world, seating = self.world, self.seating
        left = world.phase_end_tick - world.tick if world.phase_end_tick else 0
        return MatchStatus(
            match_id=self.spec.match_id,
            mode=self.spec.mode,
            map_name=self.plan.config.map_name,
            people=len(seating.players),
            bots=len(seating.bots.brains),
            reserved=seating.promised(),
            players_max=seating.seats,
            watchers=len(seating.watchers),
            phase=world.phase,
            seconds_left=max(0, -(-left // TICKS_PER_SECOND)),
            private=self.spec.private,
        )

    def _leave(self, member: Member) -> None:
        member.end(CloseCode.LEFT, "you left")
        self.seating.vacate(member)

    def _vote(self, member: Member, option: int) -> None:
        is_voting = self.world.phase == Phase.SCOREBOARD and member.slot in self.world.players
        if is_voting and option < len(self.plan.config.vote_maps):
            self.seating.commands.append(Command(CommandKind.VOTE, member.slot, option))

    def _note_departure(self, member: Member) -> None:
        """Keep the result of a player who leaves before the end."""
        player = self.world.players.get(member.slot)
        if player is not None and self.world.phase in (Phase.PLAY, Phase.OVERTIME):
            self._departed.append(evolve(player_result(player, member), left=True))

    def _bot_priority(self, slot: int) -> int:
        """The sort key of bots to keep: the highest score is removed last. Of two sides, bots stay
        where more people are, because a person takes the place of the removed bot.
        """
        players = self.world.players
        player = players.get(slot)
        if player is None:
            return 0
        people = sum(
            not mate.bot and mate.team == player.team for mate in players.values() if player.team
        )
        return int(player.score + people * PEOPLE_OVER_SCORE)

    # Four times a second, and between rounds.

    def _upkeep(self) -> None:
        seating = self.seating
        self.timeouts.check(self.age)
        if self.world.phase < Phase.PLAY:
            self._reset_record()
        elif not self._is_counting:
            self._is_counting = seating.people_changed = True  # the journal learns when it began
        seating.expire(self.age)
        timeout_s = self.context.settings.empty_s if self.was_visited else UNVISITED_S
        if seating.players or seating.watchers or seating.reserved:
            self._empty_since = self.age
        elif self.age - self._empty_since > timeout_s * TICKS_PER_SECOND:
            self.close(CloseCode.MATCH_OVER, "everybody left")

    def _score(self) -> None:
        self._is_scored = True
        digest = self.context.rules.digest(self.world)
        times_s = (self._began_s, self.context.now_s())
        players = (*standings(self.world, self.seating), *self._departed)
        result = round_result(self.world, self.plan, players, digest, times_s)
        if self.recorder is not None:
            self.recorder.note_result(self.world.tick, result)
            self.recorder.commit()  # no result is stored of an end that a crash could undo
        self.results.append(result)

    def _reset_record(self) -> None:
        """Forget what happened before the play: it does not count."""
        self._began_s = self.context.now_s()
        self._departed = []
        self._is_counting = False

    def _next_round(self) -> None:
        if self.is_last_round:
            self.close(CloseCode.MATCH_OVER, "the match is over")
            return
        maps, seating = self.context.maps, self.seating
        people = len(seating.players) + seating.promised()
        map_name = next_map(maps, self.plan, self.world.next_map, people)
        seats = max(people, self.spec.bots.population)
        plan = plan_round(maps, self.spec, map_name, self.plan.number + 1, seats)
        self._open(plan)
        seating.begin_round(plan.config.players_max)
        seating.bots.begin_round(plan.arena, plan.config.seed)
        self._begin_journal()

    def _restore(self, recovered: Recovered) -> None:
        """Continue the match that a journal describes; its players may return to their seats."""
        self.world = recovered.world
        self._is_scored = recovered.is_scored
        if recovered.note:
            self._began_s, departed = recovered.note
            self._departed = [PlayerResult(*row) for row in departed]
        present = {slot: player.connected for slot, player in self.world.players.items()}
        self.seating.restore(recovered.people, present)

    def write_all(self) -> bool:
        """Give the whole journal to the kernel, with the people who joined since the last tick.
        Returns whether the kernel took it.
        """
        recorder = self.recorder
        if recorder is None or recorder.is_given_up:
            return False
        if self.seating.people_changed:
            self._note_people()
        recorder.commit()
        return not (recorder.is_behind or recorder.is_given_up)

    def _note_people(self) -> None:
        self.seating.people_changed = False
        if self.recorder is not None:
            self.recorder.note_people(self.seating.people(), self._round_note())

    def _begin_journal(self) -> None:
        self.seating.people_changed = False
        if self.recorder is not None:
            self.recorder.begin(self.plan, self.world, self.seating.people(), self._round_note())

    def _round_note(self) -> tuple[Any, ...]:
        """The facts of the round's result that the world does not hold."""
        return self._began_s, tuple(astuple(row) for row in self._departed)

    def _commit(self) -> None:
        """Give the journal of the ticks so far to the kernel, before a frame shows them."""
        if self.recorder is not None:
            self.recorder.commit()

    def _open(self, plan: RoundPlan) -> None:
        self.plan = plan
        self.world = self.context.rules.new(plan.config, plan.arena)
        key = shot_key(self.spec, plan.number)
        self.broadcast = Broadcast(self.context.counters, key, self.context.settings.fog)
        self._events = []
        self._is_scored = False
        self._reset_record()
