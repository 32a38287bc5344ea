"""Each architecture rule can fail, names the place, and accepts good code."""

import pytest

from tests.architecture import checks

LONG_FUNCTION = "def walk():\n" + "    step()\n" * 60


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("game/step.py", "import time"),
        ("game/step.py", "import random"),
        ("game/step.py", "from trio import sleep"),
        ("game/step.py", "import cbor2"),
        ("game/step.py", "import json"),
        ("game/step.py", "from game.wire import codec"),
        ("game/step.py", "from game import wire"),
        ("game/step.py", "def late():\n    import server.app"),
        ("game/step.py", "from math import sin"),
        ("game/step.py", "import math"),
        ("game/step.py", "from . import world"),
        ("game/brain/aim.py", "from game.step import step"),
        ("server/app.py", "from clients import net"),
        ("clients/bots/cli.py", "import server"),
        ("server/net/front.py", "from server.match.host import Host"),
        ("server/store/sqlite.py", "import server.lobby.lobby"),
        ("server/match/host.py", "from server.lobby import lobby"),
    ],
)
def test_an_import_from_the_wrong_room_is_a_fault(path, source):
    assert checks.import_faults(path, source)[0].startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("game/step.py", "from math import isqrt\nfrom game.world import World\nimport attrs"),
        ("game/tiled_text.py", "import json"),
        ("game/wire/codec.py", "import cbor2\nfrom game.tuning import TUNING"),
        ("server/app.py", "import trio\nfrom server.lobby import handler\nimport game"),
        ("clients/bots/cli.py", "from clients.net import play"),
        ("tests/anything.py", "import random"),
    ],
)
def test_an_import_from_a_known_room_is_fine(path, source):
    assert checks.import_faults(path, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "speed = 0.5",
        "half = width / 2",
        "width /= 2",
        "key = hash(name)",
        "print(world)",
        "for slot in {1, 2}: move(slot)",
        "for slot in set(slots): move(slot)",
        "rows = [slot for slot in {s for s in slots}]",
        "order = list({1, 2})",
    ],
)
def test_differences_between_machines_are_faults(source):
    assert checks.purity_faults("game/step.py", source)[0].startswith("game/step.py:1:")


@pytest.mark.parametrize(
    "source",
    ["half = width // 2", "for slot in sorted({1, 2}): move(slot)", "seen = slot in {1, 2}"],
)
def test_exact_arithmetic_and_sorted_sets_are_fine(source):
    assert checks.purity_faults("game/step.py", source) == []


def test_a_file_of_501_lines_is_a_fault_and_one_of_500_is_not():
    assert checks.file_size_faults("a.ts", "\n" * 501)
    assert checks.file_size_faults("a.ts", "\n" * 500) == []


def test_a_function_of_61_lines_is_a_fault_and_one_of_60_is_not():
    assert "walk has 61 lines" in checks.size_faults("a.py", LONG_FUNCTION)[0]
    assert checks.size_faults("a.py", LONG_FUNCTION.replace("    step()\n", "", 1)) == []


def test_a_sixth_parameter_is_a_fault_and_self_does_not_count():
    assert "6 parameters" in checks.parameter_faults("a.py", "def f(a, b, c, *, d, e, f): ...")[0]
    assert checks.parameter_faults("a.py", "def f(self, a, b, c, d, e, *rest): ...") == []


def test_only_a_dataclass_that_writes_out_its_init_may_take_more():
    source = "class A:\n    def __init__(self, a, b, c, d, e, f): ..."
    assert checks.parameter_faults("a.py", source)
    assert checks.parameter_faults("a.py", f"@dataclass(slots=True)\n{source}")
    record = f"@dataclass(init=False)\n{source}"
    assert checks.parameter_faults("a.py", record) == []
    assert checks.parameter_faults("a.py", record.replace("__init__", "f"))


@pytest.mark.parametrize("source", ["", '"""."""', "import game"])
def test_a_file_that_does_not_say_what_it_is_is_a_fault(source):
    assert checks.docstring_faults("a.py", source)


def test_a_file_with_a_sentence_at_its_top_is_fine():
    assert checks.docstring_faults("a.py", '"""Owns the clock."""') == []


@pytest.mark.parametrize(
    "line",
    [
        "# TO" + "DO: finish",
        "# FIX" + "ME",
        "open('/wo" + "rk/main/x')",
        "index = https://py" + "pi.example/simple",
        '"res' + 'olved": "https://example.org/a.tgz"',
    ],
)
def test_a_note_to_oneself_or_a_trace_of_a_machine_is_a_fault(line):
    assert checks.leftover_faults("a.py", line)[0].startswith("a.py:1:")


@pytest.mark.parametrize(
    "line", ["docs/work/plan.md", "the network/work split", "see https://example.org/"]
)
def test_ordinary_words_and_addresses_are_fine(line):
    assert checks.leftover_faults("a.md", line) == []


@pytest.mark.parametrize("event", ["'handshake refused'", "'Refused'", "f'refused_{peer}'", "text"])
def test_a_log_event_that_is_no_fixed_snake_case_name_is_a_fault(event):
    assert checks.log_event_faults("a.py", f"log.info({event}, peer=peer)")[0].startswith("a.py:1:")
    assert checks.log_event_faults("a.py", f"bound.exception({event})")


def test_a_log_event_in_snake_case_is_fine_and_so_is_what_is_no_log_line():
    source = "log.info('handshake_refused', peer=peer)\nbound = log.bind(peer)\nscreen.info('a b')"
    assert checks.log_event_faults("a.py", source) == []


def test_a_file_that_imports_trio_is_a_shell():
    assert checks.awaits_trio("import trio")
    assert checks.awaits_trio("from trio_websocket import open_websocket")
    assert not checks.awaits_trio("import triology")


def test_a_core_that_imports_a_shell_is_a_fault():
    shells = {"server/net/front.py"}
    assert checks.core_faults("server/a.py", "from server.net.front import Front", shells)
    assert checks.core_faults("server/a.py", "from server.net import front", shells)
    assert checks.core_faults("server/a.py", "from server.net import limits", shells) == []


def test_opening_a_nursery_is_seen():
    assert checks.opens_nurseries("async def f():\n    async with trio.open_nursery(): ...")
    assert not checks.opens_nurseries("async def f(nursery): nursery.start_soon(g)")


@pytest.mark.parametrize("caught", ["Exception", "BaseException", ""])
def test_catching_everything_is_seen_unless_it_is_raised_again(caught):
    handler = f"try:\n    f()\nexcept {caught}:\n    g()"
    assert checks.catches_everything(handler)
    assert not checks.catches_everything(f"{handler}\n    raise")
    assert not checks.catches_everything("try:\n    f()\nexcept OSError:\n    g()")


def test_a_module_that_nobody_imports_is_dead():
    sources = {"game/a.py": "from game import b", "game/b.py": "", "game/c.py": "import game.c"}
    assert [fault.partition(":")[0] for fault in checks.dead_modules(sources, {"game.a"})] == [
        "game/c.py"
    ]
