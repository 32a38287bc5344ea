"""The shell of `skirmish debug`: the commands that inspect the current tick.

Owns: the commands that look, with their words and their help (the docstrings below are what `help`
prints). Must not know: files, the process.
"""

import re
from pathlib import Path

from server.debugger.arguments import typed, value_of
from server.debugger.builds import first_disagreement
from server.debugger.conditions import field_name
from server.debugger.errors import DebugError
from server.debugger.map_view import RADIUS_MAX, draw_map, tile_of
from server.debugger.navigation import Navigation
from server.debugger.phrases import tick_words, value_words
from server.replays.fields import Value, difference, field_of, fields_of
from server.replays.text_view import describe_player, describe_shot, describe_world

DIFF_LINES_MAX = 60
SCREEN_RADIUS = 10


class Shell(Navigation):
    """`failed` says whether any command was wrong."""

    def do_info(self, text: str) -> None:
        """info: which journal this is, and who sat where."""
        typed(text).end()
        header, recording = self.session.recording.header, self.session.recording
        names = recording.names_at(self.session.last_tick)
        self.say(
            f"match {header.match_id}, round {header.round_number} on {header.map_name}, "
            f"written by Skirmish {header.build}",
            f"ticks {self.session.first_tick} to {self.session.last_tick}; "
            f"a checkpoint at {len(self.session.checkpoints())} of them",
            *(f"  player {slot:<3} {name}" for slot, name in sorted(names.items())),
            *recording.remarks,
        )

    def do_show(self, text: str) -> None:
        """show [player N | shot N | FIELD | fields [TEXT]]: the world in short, or one thing of it.

        `show fields ammo` lists all fields with a text in their name.
        """
        world, words = self.cursor.world, text.split()
        names = self.session.recording.names_at(world.tick)
        match words:
            case []:
                self.say(*describe_world(self.session, world))
            case ["player", number] if number.isdecimal():
                if int(number) not in world.players:
                    raise DebugError(f"there is no player {number} at tick {world.tick}")
                self.say(describe_player(world.players[int(number)], names, world.tick))
                self._list_fields(f"player[{int(number)}].")
            case ["shot", number] if number.isdecimal():
                if int(number) not in world.shots:
                    raise DebugError(f"there is no shot {number} at tick {world.tick}")
                self.say(describe_shot(world.shots[int(number)]))
                self._list_fields(f"shot[{int(number)}].")
            case ["fields", *rest]:
                self._list_fields(" ".join(rest))
            case _:
                name = field_name(text)
                self.say(f"  {name} is {value_words(field_of(world, name))}")

    def do_map(self, text: str) -> None:
        """map PLAYER [RADIUS]: the arena around a player, in characters."""
        given, world = typed(text), self.cursor.world
        slot = given.number("a player's slot", min(world.players, default=0))
        radius = max(1, min(RADIUS_MAX, given.number("a radius in tiles", SCREEN_RADIUS)))
        given.end()
        player = world.players.get(slot)
        if player is None:
            raise DebugError(f"there is no player {slot} at tick {world.tick}")
        self.say(*draw_map(world, *tile_of(player.x, player.y), radius, slot))

    def do_tick(self, text: str) -> None:
        """tick [TICK]: what went into a tick (inputs, commands) and what came of it (events)."""
        given = typed(text)
        tick = given.number("a tick", self.cursor.tick)
        given.end()
        _, events = self.cursor.at(tick)
        lines = tick_words(self.session.inputs_at(tick), events)
        self.say(f"tick {tick}:", *(lines or ["  nothing"]))

    def do_diff(self, text: str) -> None:
        """diff TICK [TICK] [TEXT]: the fields that differ between two ticks, or from here.

        With a text, only of fields that have it in their name: `diff 3785 3786 player[1]`.
        """
        given = typed(text)
        first = given.number("a tick")
        is_number = bool(given.words) and given.words[0].isdecimal()
        second = given.number("a tick") if is_number else self.cursor.tick
        part = given.words.pop(0) if given.words else ""
        given.end()
        worlds = [self.cursor.at(tick)[0] for tick in (first, second)]
        found = [each for each in difference(*worlds) if part in each[0]]
        self.say(f"tick {first} → tick {second}: {len(found)} fields differ")
        for name, before, after in found[:DIFF_LINES_MAX]:
            self.say(f"  {name}: {value_words(before)} → {value_words(after)}{_sum(before, after)}")
        if len(found) > DIFF_LINES_MAX:
            self.say(f"  and {len(found) - DIFF_LINES_MAX} more")

    def do_why(self, text: str) -> None:
        """why FIELD: the tick that changed a field last, and all that may have been the reason.

        `why player 3 health` or `why health[3]`: searched from here backwards.
        """
        name = field_name(text)
        now = field_of(self.cursor.world, name)
        tick = self.cursor.last_change(self.cursor.tick + 1, value_of(name))
        if tick is None:
            self.say(f"{name} has been {value_words(now)} since the beginning")
            return
        before, _ = self.cursor.at(tick - 1)
        world, events = self.cursor.at(tick)
        was = field_of(before, name)
        is_now = field_of(world, name)
        ago = f", {self.cursor.tick - tick} ticks before here" if tick < self.cursor.tick else ""
        self.say(
            f"{name} became {value_words(is_now)} (was {value_words(was)}) in tick {tick}{ago}"
        )
        slot = re.match(r"player\[(\d+)\]", name)
        lines = tick_words(self.session.inputs_at(tick), events, int(slot[1]) if slot else None)
        if not lines:
            lines = ["  no input or event of that tick: the rules alone, from the previous state"]
        self.say(*lines)

    def do_bisect(self, text: str) -> None:
        """bisect FOLDER: the first tick that another checkout of Skirmish plays differently."""
        if not text.strip():
            raise DebugError("name the folder of the other checkout")
        folder = Path(text.strip())
        tick = first_disagreement(self.session, self.files, folder)
        if tick is None:
            self.say(f"this build and {folder} agree on all ticks to {self.session.last_tick}")
            return
        self.say(f"the first tick on which this build and {folder} disagree is {tick}:")
        if tick > self.session.first_tick:
            _, events = self.cursor.at(tick)
            self.say(*(tick_words(self.session.inputs_at(tick), events) or ["  nothing came in"]))

    def do_quit(self, text: str) -> bool:
        """quit: leave; Ctrl-D does too."""
        typed(text).end()
        return True

    def do_help(self, arg: str) -> None:
        """help [COMMAND]: all commands, or one in full."""
        word = arg.strip()
        commands = [name[3:] for name in self.get_names() if name.startswith("do_")]
        if word and word not in commands:
            raise DebugError(f"there is no command {word!r:.40}; help lists all")
        for name in [word] if word else commands:
            lines = (getattr(self, f"do_{name}").__doc__ or "").strip().splitlines()
            self.say(
                *((f"  {line.strip()}".rstrip() for line in lines) if word else [f"  {lines[0]}"])
            )

    def _list_fields(self, part: str) -> None:
        fields = fields_of(self.cursor.world)
        found = [(name, value) for name, value in fields.items() if part in name]
        if not found:
            raise DebugError(f"no field has {part!r:.40} in its name")
        self.say(*(f"    {name} = {value_words(value)}" for name, value in found))


def _sum(before: Value | None, after: Value | None) -> str:
    if type(before) is int and type(after) is int:
        return f" ({after - before:+})"
    return ""
