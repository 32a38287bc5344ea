"""The shell: every command does what its help says; every wrong one is explained."""

import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.events import EventKind
from server.debugger import builds
from server.debugger.errors import DebugError
from server.debugger.shell import Shell
from tests.examples import examples
from tests.journals import played
from tests.server.replays.files import session_of

MATCH = played(700, 5, seed=1, map_name="foundry")
SESSION = session_of(MATCH)
KILLS = [
    (tick, event)
    for tick, events in MATCH.events.items()
    for event in events
    if event[0] == EventKind.KILL
]


def ask(*commands: str) -> str:
    """Run commands; returns the whole output."""
    output = io.StringIO()
    shell = Shell(SESSION, [], output)
    for command in commands:
        shell.run_line(command)
    return output.getvalue()


def refuse(*commands: str) -> str:
    output = io.StringIO()
    shell = Shell(SESSION, [], output)
    for command in commands:
        shell.run_line(command)
    assert shell.failed
    return output.getvalue().splitlines()[-1]


def test_stepping_goes_both_ways_and_stops_at_the_ends():
    assert "tick 250:" in ask("goto 249", "step")
    assert "tick 240:" in ask("goto 250", "back 10")
    assert "tick 0:" in ask("goto 5", "back 99")
    assert refuse("goto start", "back") == "tick 0 is the first"
    assert refuse("goto end", "step") == f"tick {MATCH.last_tick} is the last"
    assert "tick 310:" in ask("goto 300", "goto +20", "goto -10")


def test_it_goes_to_the_next_and_the_last_kill():
    (first, event), *_ = KILLS
    assert f"tick {first}:" in ask("next kill")
    assert f"tick {first}:" in ask(f"goto {first + 1}", "prev kill")
    assert f"tick {first}:" in ask(f"next kill {event[1]}")
    assert refuse("goto end", "next kill") == "no kill comes any more"
    assert refuse(f"goto {first}", "prev kill") == f"there was no kill before tick {first}"


def test_it_says_which_event_changed_a_field_last():
    tick, (_, victim, killer, *_rest) = KILLS[0]
    answer = ask(f"goto {tick}", f"why player {victim} health")
    assert f"player[{victim}].health became 0 (was " in answer
    assert f"in tick {tick}\n" in answer
    assert f"event    kill victim {victim} killer {killer}" in answer
    later = ask(f"goto {tick + 5}", f"why alive[{victim}]")
    assert f"in tick {tick}, 5 ticks before here" in later


def test_a_field_that_never_changed_has_been_so_since_the_beginning():
    assert "config.seed has been 1 since the beginning" in ask("goto 100", "why config.seed")


def test_breakpoints_stop_where_a_condition_becomes_true_in_both_directions():
    tick, (_, victim, *_rest) = KILLS[0]
    forwards = ask("goto 200", f"break alive[{victim}] == 0", "continue")
    assert f"tick {tick}:" in forwards
    backwards = ask(f"goto {tick + 30}", f"break alive[{victim}] == 0", "reverse")
    assert f"tick {tick}:" in backwards
    assert refuse("continue") == "there is no breakpoint: break CONDITION makes one"
    assert refuse("break tick < 0", "continue") == "no breakpoint is met"
    assert refuse("break tick < 0", "delete 1", "delete 1") == "there is no breakpoint 1"
    assert "at most 16 breakpoints are allowed" in refuse(*["break tick > 5"] * 17)


def test_it_goes_to_where_a_field_changes():
    tick, (_, victim, *_rest) = KILLS[0]
    assert f"tick {tick}:" in ask("goto 200", f"next change alive[{victim}]")
    assert f"tick {tick}:" in ask(f"goto {tick + 30}", f"prev change alive[{victim}]")


def test_two_ticks_are_compared():
    answer = ask("diff 300 301")
    assert answer.startswith("tick 300 → tick 301: ")
    assert "  tick: 300 → 301 (+1)" in answer
    assert ask("diff 300 301 tick").splitlines()[1:] == ["  tick: 300 → 301 (+1)"]
    assert ask("goto 301", "diff 300 winner").endswith("tick 300 → tick 301: 0 fields differ\n")


def test_the_world_and_single_things_are_shown():
    answer = ask("goto 400", "show")
    assert all(name in answer for name in ("Ada", "Basil", "Cleo", "Dice", "Echo"))
    assert "player[2].health = " in ask("goto 400", "show player 2")
    assert ask("goto 400", "show phase").endswith("phase is 2\n")
    assert "player[0].ammo[4]" in ask("show fields ammo[4]", "goto 9", "show fields ammo[4]")
    tick, shot = next((t, w.shots) for t, w in ((w.tick, w) for w, _ in SESSION.walk(0)) if w.shots)
    assert f"shot[{next(iter(shot))}].vx" in ask(f"goto {tick}", f"show shot {next(iter(shot))}")


def test_the_map_has_walls_and_the_player_in_its_middle():
    answer = ask("goto 300", "map 1 4")
    rows = [line[5:] for line in answer.splitlines() if re.match(r" +\d+ ", line)]
    assert rows[4][8] == "@"
    assert any("#" in row for row in rows)


def test_the_inputs_and_events_of_a_tick_are_listed():
    tick, event = KILLS[0]
    answer = ask(f"tick {tick}")
    assert f"  event    kill victim {event[1]} killer {event[2]}" in answer
    assert "command  JOIN player 0 (1)" in ask("tick 1")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("fly", "there is no command 'fly'; help lists all commands"),
        ("cont", "there is no command 'cont'; did you mean continue?"),
        ("goto", "say a tick, a whole number"),
        ("goto soon", "'soon' is not a tick: type a whole number"),
        ("goto 99999", "there is no tick 99999 here, only 0 to 700"),
        ("step 0", "type one tick or more"),
        ("step 1 2", "'2' is one argument too many"),
        ("next", "say event, change FIELD, or one of scatter, rail,"),
        ("show player 9", "there is no player 9 at tick 0"),
        ("show shot 9", "there is no shot 9 at tick 0"),
        ("show wings", "there is no field 'wings'"),
        ("map 9", "there is no player 9 at tick 0"),
        ("bisect", "name the folder of the other checkout"),
        ("help fly", "there is no command 'fly'; help lists all"),
        ("EOF", "say quit to leave"),
    ],
)
def test_every_wrong_command_gets_a_sentence(command: str, sentence: str):
    assert refuse(command).startswith(sentence)


@examples(60)
@given(st.lists(st.text(max_size=12), max_size=4).map(" ".join) | st.text(max_size=40))
def test_any_command_is_answered(line: str):
    ask(f"show {line}", f"goto {line}", f"break {line}", f"tick {line}", line)


def test_help_has_a_line_for_every_command_and_more_for_one():
    words = [name[3:] for name in dir(Shell) if name.startswith("do_")]
    lines = ask("help").splitlines()
    assert len(lines) == len(words)
    assert all(any(line.strip().startswith(word) for line in lines) for word in words)
    assert len(ask("help next").splitlines()) > 1


def test_quit_ends_it():
    assert Shell(SESSION, [], io.StringIO()).run_line("quit")


def fake_build(folder: Path, change: str) -> Path:
    """A checkout whose digests are ours, changed by an expression on `rows`."""
    (folder / "server").mkdir()
    (folder / "server" / "__init__.py").touch()
    rows = [(0, builds.digest(SESSION.world_at(0)).hex())]
    rows += [(tick, digest.hex()) for tick, digest in MATCH.digests.items()]
    source = f"rows = {rows!r}\n{change}\nfor tick, digest in rows: print(tick, digest)\n"
    (folder / "server" / "cli.py").write_text(source)
    return folder


@pytest.mark.parametrize(
    ("change", "tick"),
    [("", None), ("rows[300:] = [(t, 'x') for t, _ in rows[300:]]", 300), ("del rows[400:]", 400)],
)
def test_the_first_tick_on_which_two_builds_disagree_is_found(
    tmp_path: Path, change: str, tick: int | None
):
    assert sys.executable
    assert builds.first_disagreement(SESSION, [], fake_build(tmp_path, change)) == tick


@pytest.mark.parametrize("change", ["raise SystemExit('no such format')", "print('hello world x')"])
def test_a_build_that_cannot_answer_is_reported(tmp_path: Path, change: str):
    with pytest.raises(DebugError, match="the build in"):
        builds.first_disagreement(SESSION, [], fake_build(tmp_path, change))
    with pytest.raises(DebugError, match="is not a checkout of Skirmish"):
        builds.first_disagreement(SESSION, [], tmp_path / "nowhere")
