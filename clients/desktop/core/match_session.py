"""A session of a match, over as many rounds and connections as it takes.

Owns: the round that is shown and the one whose map is being fetched. Must not know:
sockets, the window, any real clock. Invariants: a frame is made of the last complete round, so a
reconnect or a change of map never shows half of something; while the connection is down nothing is
predicted.
"""

from collections.abc import Callable
from typing import Final

from attrs import define, field

from clients.desktop.core.connection_state import ConnectionState
from clients.desktop.core.frame import Frame
from clients.desktop.core.frame_builder import circle_of, flags_of, own_of, players_of
from clients.desktop.core.net_meter import NetMeter, NetSample, NetStats
from clients.desktop.core.spectator import Spectator
from clients.net.match_core import MatchCore
from clients.netcode.round import Round
from game.arena import Arena
from game.inputs import Input
from game.tuning import TICKS_PER_SECOND
from game.view import MATCH_FIELDS
from game.wire.codec import encode, fingerprint
from game.wire.match_messages import Notice, OpenReplay, Refused, Timeline, Welcome
from game.wire.schema import FromMatch, ToMatch

# Called once for every predicted tick; returns the player's input.
Sample = Callable[[int, Round], Input]

NOTICE_S: Final = 4.0
ASLEEP_S: Final = 1.0
DELAY_TOLD_S: Final = 8.0  # a map may have to be fetched before it can be read


@define
class MatchSession(MatchCore):
    """A seat, or a place to watch from, on a screen."""

    is_delayed: bool = False  # watching from its journal: there is no ticket, and no vote
    spectator: Spectator = field(factory=Spectator)
    shown: Round | None = None
    awaited: Welcome | None = None  # its round is not on the screen yet
    _meter: NetMeter = field(factory=NetMeter)
    _coming: Round | None = None
    _framed_at_s: float = 0.0
    _looked_at_s: float = float("-inf")
    _frame_s: float = 1 / TICKS_PER_SECOND
    _corrections_before: int = 0
    _unforced_before: int = 0
    refusal: str = ""  # what the server said last before it hung up
    _notice: tuple[str, float] = ("", 0.0)
    _is_delay_told: bool = False

    def greeting(self, now_s: float) -> bytes:
        """The first message on every connection, with the newest token for the seat."""
        self.refusal = ""
        if self.is_delayed:
            return encode(OpenReplay(fingerprint()))
        return encode(self.join(now_s))

    def hear(self, message: FromMatch, size_bytes: int, now_s: float) -> None:
        """Take in a message. Raises `DecodeError` for an impossible snapshot."""
        self._note_sleep(now_s)
        if self.receive(message, now_s):
            self._ingest(size_bytes, now_s)
            return
        match message:
            case Welcome():
                self._begin(message)
            case Refused():
                self.refusal = message.text
                self._notice = (self.refusal, now_s + NOTICE_S)
            case Timeline() if not self._is_delay_told:
                self._is_delay_told = True
                if message.live:
                    words = f"You are watching with a delay of {message.delay_s} s"
                    self._notice = (words, now_s + DELAY_TOLD_S)
            case Notice(text, seconds):
                self._notice = (text, now_s + max(NOTICE_S, seconds))

    def prepare(self, welcome: Welcome, arena: Arena) -> None:
        """Begin the round of a welcome, once its map is here; snapshots may have come before it."""
        if self.awaited is not welcome:
            return  # another round began in the meantime
        self._coming = Round(welcome.slot, arena)
        view = self.replica.view
        if view is not None:
            view.events.clear()  # from before anything was shown
            self._coming.ingest(view)
            self._show()

    def play(self, now_s: float, sample: Sample) -> list[bytes]:
        """Advance time: predict up to now; returns the messages to send."""
        self._note_sleep(now_s)
        self._looked_at_s = now_s
        messages: list[ToMatch] = [*self.ping(now_s)]
        ticks, others_tick = self.advance(now_s), self.clock.interpolation_tick(now_s)
        round_ = self.shown
        if round_ is not None and not round_.is_watching and self.awaited is None:
            for tick in ticks:
                wish = sample(tick, round_)
                round_.simulate(tick, wish)
                messages += self.put(tick, wish, others_tick)
        return [encode(message) for message in messages]

    def frame(self, now_s: float, connection: ConnectionState) -> Frame | None:
        """The frame to paint now; None while there is nothing yet."""
        round_, welcome = self.shown, self.replica.welcome
        if round_ is None or round_.view is None or welcome is None:
            return None
        passed_s = now_s - self._framed_at_s if self._framed_at_s else 0.0
        self._framed_at_s = now_s
        self._frame_s += (passed_s - self._frame_s) * 0.05
        round_.prediction.fade(passed_s * TICKS_PER_SECOND)
        view, others_tick = round_.view, self.clock.interpolation_tick(now_s)
        tick = round_.own_tick(self.clock, now_s)
        players = players_of(round_, self.replica.roster, tick, others_tick)
        match = dict(zip(MATCH_FIELDS, view.match, strict=True))
        return Frame(
            tick=tick,
            now_s=now_s,
            arena=round_.arena,
            mode=welcome.mode,
            phase=round_.phase,
            phase_end_tick=match["phase_end_tick"],
            winner=match["winner"],
            players_min=match["players_min"],
            score_limit=welcome.score_limit,
            team_scores=tuple(score for (score, *_) in view.teams.values()),
            flags=flags_of(view, players),
            circle=circle_of(view, tick),
            vote_maps=() if self.is_delayed else welcome.vote_maps,
            players=players,
            shots=round_.shots_at(self.clock, now_s),
            pad_ready_ticks=tuple(round_.pad_ready_ticks),
            own=own_of(round_),
            follow=self.spectator.slot(round_),
            events=round_.take_events(self.clock, now_s),
            net=self._stats(now_s),
            connection=connection,
            notice=self._notice[0] if now_s < self._notice[1] else "",
        )

    @property
    def corrections(self) -> int:
        """How often the body was not where it was predicted, in the whole session."""
        now = self.shown.prediction.correction_count if self.shown is not None else 0
        return self._corrections_before + now

    @property
    def unforced(self) -> int:
        """How often anything was not as predicted without an outside cause: a fault of ours."""
        now = self.shown.prediction.unforced_count if self.shown is not None else 0
        return self._unforced_before + now

    def _note_sleep(self, now_s: float) -> None:
        """Give up the ping if no frame came for `ASLEEP_S`: the program or machine was stopped."""
        if now_s - self._looked_at_s > ASLEEP_S:
            self.round_trips.give_up()

    def _begin(self, welcome: Welcome) -> None:
        """Begin another round or another connection."""
        self._coming, self.awaited = None, welcome
        if self.shown is not None and self.shown.arena.digest == welcome.map_digest:
            self.prepare(welcome, self.shown.arena)

    def _ingest(self, size_bytes: int, now_s: float) -> None:
        view, margin = self.replica.view, self.replica.margin
        assert view is not None
        round_ = self.shown if self.awaited is None else self._coming
        if round_ is None:
            return  # the replica keeps up while the map is being fetched
        is_corrected = round_.ingest(view)
        if round_ is self._coming:
            self._show()
        trip_ms = self.round_trips.last_ms
        self._meter.add(NetSample(now_s, size_bytes, margin, trip_ms, is_corrected))

    def _show(self) -> None:
        self._corrections_before, self._unforced_before = self.corrections, self.unforced
        self.shown, self._coming, self.awaited = self._coming, None, None

    def _stats(self, now_s: float) -> NetStats:
        snapshots_per_s, bytes_per_s = self._meter.rates(now_s)
        prediction = self.shown.prediction if self.shown is not None else None
        tick_ms = 1_000 / TICKS_PER_SECOND
        return NetStats(
            round_trip_ms=self.round_trips.last_ms,
            jitter_ms=self.clock.jitter_ticks * tick_ms,
            margin_ticks=self.clock.margin_ticks or 0.0,
            delay_ms=self.clock.delay_ticks * tick_ms,
            snapshots_per_s=snapshots_per_s,
            bytes_per_s=bytes_per_s,
            corrections=self.corrections,
            unforced=self.unforced,
            correction_units=prediction.last_correction_units if prediction is not None else 0,
            frames_per_s=1 / max(0.001, self._frame_s),
            history=self._meter.history,
        )
