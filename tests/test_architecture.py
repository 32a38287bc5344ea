"""The architecture test: the code is as docs/ARCHITECTURE.md and the style card say.

Reads sources and imports almost nothing. The rules are in tests/architecture/, each proven there to
be able to fail.
"""

import subprocess
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from game.wire import export
from server import cli
from tests.architecture import browser, checks, table

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("game", "server", "clients", "maps")


@cache
def tracked() -> dict[str, str]:
    """Every text file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    texts = {}
    for path in listing.stdout.split("\n"):
        if path and (ROOT / path).is_file():
            try:
                texts[path] = (ROOT / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture
    return texts


def python_files(*folders: str) -> dict[str, str]:
    wanted = tuple(f"{folder}/" for folder in folders)
    return {p: s for p, s in tracked().items() if p.endswith(".py") and p.startswith(wanted)}


def everywhere(check: Callable[[str, str], list[str]], files: dict[str, str]) -> list[str]:
    return [fault for path, source in files.items() for fault in check(path, source)]


def assert_none(faults: Iterable[str]) -> None:
    listing = "\n".join(faults)
    if listing:
        pytest.fail(listing, pytrace=False)


def test_every_room_imports_only_what_it_may_know():
    assert_none(everywhere(checks.import_faults, python_files(*ROOMS)))


def test_the_rules_hold_nothing_that_differs_between_machines():
    files = {p: s for p, s in python_files("game").items() if p not in table.GAME_TOOLS}
    assert_none(everywhere(checks.purity_faults, files))


def test_trio_websocket_is_known_to_one_file_of_each_side():
    users = {
        path
        for path, source in python_files(*ROOMS).items()
        if any(checks.is_in(name, ["trio_websocket"]) for _, name in checks.imported(source))
    }
    assert_none(f"{path}: imports trio_websocket" for path in users - table.WEBSOCKET_FILES)


def test_the_shells_of_the_server_are_those_in_the_table():
    files = python_files("server")
    waiting = {path for path, source in files.items() if checks.awaits_trio(source)}
    joining = {p for p, s in files.items() if checks.core_faults(p, s, table.SHELLS)}
    new = (
        f"{p}: imports Trio: keep it a core, or add it to SHELLS" for p in waiting - table.SHELLS
    )
    gone = table.SHELLS - waiting - joining
    assert_none(sorted([*new, *(f"{p}: is no shell, take it out of SHELLS" for p in gone)]))


def test_no_core_of_the_server_imports_a_shell():
    cores = {p: s for p, s in python_files("server").items() if p not in table.SHELLS}
    assert_none(
        fault
        for path, source in cores.items()
        for fault in checks.core_faults(path, source, table.SHELLS)
    )


def test_nurseries_are_opened_only_where_the_table_says_why():
    openers = {path for path, s in python_files(*ROOMS).items() if checks.opens_nurseries(s)}
    new = (f"{p}: opens a nursery: say why in NURSERIES" for p in openers - set(table.NURSERIES))
    gone = (f"{p}: opens none: take it out of NURSERIES" for p in set(table.NURSERIES) - openers)
    assert_none(sorted([*new, *gone]))


def test_everything_is_caught_only_at_the_borders_that_the_table_names():
    broad = {p for p, s in python_files(*ROOMS).items() if checks.catches_everything(s)}
    new = (f"{p}: catches everything: name the error" for p in broad - set(table.BROAD_HANDLERS))
    gone = (f"{p}: take it out of BROAD_HANDLERS" for p in set(table.BROAD_HANDLERS) - broad)
    assert_none(sorted([*new, *gone]))


def test_no_file_and_no_function_outgrows_its_limit():
    python = {p: s for p, s in tracked().items() if p.endswith(".py")}
    others = {
        path: text
        for path, text in tracked().items()
        if path.endswith((".ts", ".mjs", ".css", ".html", ".c")) and "generated" not in path
    }
    assert_none(everywhere(checks.size_faults, python))
    assert_none(everywhere(checks.file_size_faults, others))


def test_no_function_wants_more_than_five_things():
    files = python_files(*ROOMS, "bench")
    files |= {path: tracked()[path] for path in ("dev.py", "dev_steps.py", "hatch_build.py")}
    assert_none(everywhere(checks.parameter_faults, files))


def test_every_file_says_what_it_is():
    assert_none(everywhere(checks.docstring_faults, python_files(*ROOMS, "bench")))


def test_no_note_to_oneself_and_no_machine_is_left_in_a_tracked_file():
    files = {p: s for p, s in tracked().items() if not p.startswith("tests/architecture/")}
    assert_none(everywhere(checks.leftover_faults, files))


def test_every_log_event_of_the_server_has_a_name_in_snake_case():
    assert_none(everywhere(checks.log_event_faults, python_files("server")))


def test_the_browsers_copy_of_the_wire_is_fresh():
    assert export.TARGET.read_text() == export.render(), "run: python -m game.wire.export"


def test_no_module_is_dead():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = [*project["scripts"].values(), *project["entry-points"]["skirmish.commands"].values()]
    alive = {point.partition(":")[0] for point in points}
    alive |= {*table.RUN_BY_PEOPLE, *cli.OWN.values()}
    assert_none(checks.dead_modules(python_files(*ROOMS), alive))


def browser_imports() -> dict[str, set[str]]:
    files = {p: s for p, s in tracked().items() if p.startswith(browser.SOURCES)}
    scripts = {p: s for p, s in files.items() if p.endswith(".ts")}
    return {path: browser.imports_of(path, source, files) for path, source in scripts.items()}


def test_every_room_of_the_browser_client_imports_only_what_its_row_allows():
    assert_none(browser.wall_faults(browser_imports()))


def test_no_files_of_the_browser_client_import_each_other():
    assert_none(browser.circle_faults(browser_imports()))


def test_every_room_of_the_browser_client_has_a_row_and_every_row_is_used():
    rooms, used = set(), set()
    for path, targets in browser_imports().items():
        rooms |= {browser.room_of(it) for it in (path, *targets)}
        used |= {(browser.room_of(path), browser.room_of(it)) for it in targets}
    assert rooms == set(browser.ROOMS)
    rows = {(room, other) for room, others in browser.ROOMS.items() for other in others}
    assert rows - used == set(), "allowed, and imported by nobody"


def test_the_page_names_every_room() -> None:
    page = tracked()["docs/ARCHITECTURE.md"]
    rooms_part = page[page.index("## Rooms") : page.index("## The tree of a process")]
    folders = {
        path.split("/")[1]
        for path in python_files("game", "server", "clients")
        if path.count("/") > 1
    }
    rooms = {it for it in folders | set(browser.ROOMS) if not it.endswith(".ts")}
    assert {it for it in rooms if f"{it}/`" not in rooms_part} == set()
