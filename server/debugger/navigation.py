"""Navigation in time: the commands that go to another tick.

Owns: places, searches and breakpoints, with their words and their help (the docstrings below are
what `help` prints). Must not know: files, the process. Invariant: every line is answered, a wrong
one with a sentence.
"""

import cmd
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from game.world import World
from server.debugger.arguments import count_of, event_probe, typed, value_of
from server.debugger.conditions import Condition, field_name, parse_condition
from server.debugger.cursor import Cursor
from server.debugger.errors import DebugError
from server.debugger.phrases import event_words
from server.replays.fields import field_of
from server.replays.recording import RecordingError
from server.replays.session import ReplaySession
from server.replays.text_view import describe_world

BREAKPOINTS_MAX = 16


class Navigation(cmd.Cmd):
    """`files` are given to other builds; `failed` says whether any command was wrong."""

    prompt = "(skirmish) "

    def __init__(
        self, session: ReplaySession, files: Sequence[Path], stdout: IO[str] | None = None
    ) -> None:
        """Stand at the first tick."""
        super().__init__(stdout=stdout)
        self.session, self.files = session, files
        self.cursor = Cursor(session)
        self.breakpoints: dict[int, Condition] = {}
        self.failed = False

    def run_line(self, line: str) -> bool:
        """Carry out one line; True when it was the last."""
        return bool(self.onecmd(line))

    def onecmd(self, line: str) -> bool:
        """The border of a command."""
        try:
            return bool(super().onecmd(line.strip()))
        except (DebugError, RecordingError) as error:
            self.failed = True
            self.say(f"{error}")
            return False

    def default(self, line: str) -> None:
        """An unknown command."""
        word = line.split(maxsplit=1)[0]
        if word == "EOF":
            raise DebugError("say quit to leave")
        near = [name[3:] for name in self.get_names() if name.startswith(f"do_{word}")]
        hint = f"did you mean {near[0]}?" if near else "help lists all commands"
        raise DebugError(f"there is no command {word!r:.40}; {hint}")

    def say(self, *lines: str) -> None:
        """Answer."""
        for line in lines:
            print(line, file=self.stdout)

    # The current tick.

    def do_goto(self, text: str) -> None:
        """goto TICK: stand after a tick; `goto end`, `goto start`, `goto +60`, `goto -60` too."""
        word = text.strip()
        places = {"end": self.session.last_tick, "start": self.session.first_tick}
        if word in places:
            tick = places[word]
        else:
            given = typed(word.removeprefix("+"))
            tick = given.number("a tick")
            given.end()
            if word[:1] in "+-":
                tick += self.cursor.tick
        self.cursor.go(tick)
        self._here()

    def do_step(self, text: str) -> None:
        """step [TICKS]: forwards, by one tick or more."""
        self.cursor.forward(count_of(text))
        self._here()

    def do_back(self, text: str) -> None:
        """back [TICKS]: backwards, by one tick or more."""
        self.cursor.back(count_of(text))
        self._here()

    def do_next(self, text: str) -> None:
        """next EVENT [PLAYER] | next change FIELD: go to the next one.

        EVENT is kill, hit, spawn, pickup, fire, rail, … or `event` for any; PLAYER a slot that has
        a part in it. `next change health[3]` stops where a field becomes another.
        """
        if text.split()[:1] == ["change"]:
            name = field_name(text.split(maxsplit=1)[1] if len(text.split()) > 1 else "")
            before = [field_of(self.cursor.world, name)]

            def is_other(world: World, _events: object) -> bool:
                return field_of(world, name) != before[0]

            self._to(self.cursor.find_next(is_other), f"{name} changes no more")
        else:
            self._to(self.cursor.find_next(event_probe(text)), f"no {text.strip()} comes any more")

    def do_prev(self, text: str) -> None:
        """prev EVENT [PLAYER] | prev change FIELD: go back to the last one; see `help next`."""
        here = self.cursor.tick
        if text.split()[:1] == ["change"]:
            name = field_name(text.split(maxsplit=1)[1] if len(text.split()) > 1 else "")
            found = self.cursor.last_change(here, value_of(name))
            self._to(found, f"{name} did not change before tick {here}")
        else:
            found = self.cursor.find_last(here, event_probe(text))
            self._to(found, f"there was no {text.strip()} before tick {here}")

    # Breakpoints.

    def do_break(self, text: str) -> None:
        """break [CONDITION]: stop `continue` there; alone, it lists what there is.

        A condition compares fields with values: `health[3] < 20`, `phase == PLAY`,
        `alive[1] == 0 and weapon[2] == RAIL`.
        """
        if text.strip():
            if len(self.breakpoints) >= BREAKPOINTS_MAX:
                raise DebugError(f"at most {BREAKPOINTS_MAX} breakpoints are allowed")
            number = max(self.breakpoints, default=0) + 1
            self.breakpoints[number] = parse_condition(text)
        self.say(*(f"  {number}  {one.text}" for number, one in self.breakpoints.items()))

    def do_delete(self, text: str) -> None:
        """delete NUMBER: forget a breakpoint."""
        given = typed(text)
        number = given.number("the number of a breakpoint")
        given.end()
        if self.breakpoints.pop(number, None) is None:
            raise DebugError(f"there is no breakpoint {number}")

    def do_continue(self, text: str) -> None:
        """continue: forwards, to where a breakpoint's condition becomes true."""
        typed(text).end()
        self._to(self.cursor.find_next(self._becoming(self.cursor.world)), "no breakpoint is met")

    def do_reverse(self, text: str) -> None:
        """reverse: backwards, to where a breakpoint's condition became true."""
        typed(text).end()
        self._need_breakpoints()

        def holding(world: World) -> object:
            read = partial(field_of, world)
            return tuple(one.holds(read) for one in self.breakpoints.values())

        tick: int | None = self.cursor.tick
        while tick is not None:
            tick = self.cursor.last_change(tick, holding)
            if tick is not None and self._becoming(self.cursor.at(tick - 1)[0])(
                self.cursor.at(tick)[0], []
            ):
                break
        self._to(tick, "no breakpoint was met before this")

    # Helpers.

    def _here(self) -> None:
        world, events = self.cursor.world, self.cursor.events
        self.say(describe_world(self.session, world)[0])
        self.say(*(f"  event    {event_words(event)}" for event in events))

    def _to(self, tick: int | None, otherwise: str) -> None:
        if tick is None:
            raise DebugError(otherwise)
        self.cursor.go(tick)
        self._here()

    def _need_breakpoints(self) -> None:
        if not self.breakpoints:
            raise DebugError("there is no breakpoint: break CONDITION makes one")

    def _becoming(self, world: World) -> Callable[[World, object], bool]:
        """A probe that says yes where any breakpoint's condition was false and is true."""
        self._need_breakpoints()
        state = {"held": self._held(world)}

        def probe(world: World, _events: object) -> bool:
            before, state["held"] = state["held"], self._held(world)
            return bool(state["held"] - before)

        return probe

    def _held(self, world: World) -> frozenset[int]:
        read = partial(field_of, world)
        return frozenset(number for number, one in self.breakpoints.items() if one.holds(read))
