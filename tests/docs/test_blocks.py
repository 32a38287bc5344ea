"""Every block of code and commands is run as written, on a real server where it needs one."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.docs.commands import commands_of
from tests.docs.pages import ROOT, Block, all_blocks, blocks
from tests.docs.workshop import Workshop, typed_lines

RUN = [block for block in all_blocks() if "not run" not in block.remarks]
COMMANDS = [block for block in RUN if block.language in ("sh", "console") and commands_of(block)]
SESSIONS = sorted({block.page for block in RUN if typed_lines([block])})
SCRIPTS = [block for block in RUN if block.language == "python"]
PRINTED = [block for block in all_blocks() if "printed by" in block.remarks]
PLAYS_S = 8.0  # long enough to meet somebody on the map

pytestmark = pytest.mark.slow


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.mark.parametrize("block", COMMANDS, ids=str)
def test_commands_do_what_the_page_lets_expect(workshop: Workshop, block: Block):
    workshop.run(commands_of(block), int(block.remarks.get("status", 0)))


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.name)
def test_a_session_at_the_prompt_can_be_had(workshop: Workshop, page: Path):
    workshop.run(["skirmish debug match.skj"], typed=typed_lines(blocks(page)))


@pytest.mark.parametrize("block", PRINTED, ids=str)
def test_commands_print_the_text_on_the_page(workshop: Workshop, block: Block):
    assert workshop.run([block.remarks["printed by"]]) == block.text


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_a_script_plays_on_a_real_server(workshop: Workshop, block: Block):
    script = workshop.folder / "script.py"
    script.write_text(workshop.adapted(block.text))
    workshop.serve("skirmish serve --lobby.bot_fill_after_s 0")
    try:
        with (workshop.folder / "script.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, str(script)], stdout=log, stderr=log)
        try:
            _let_play(workshop, process)
            assert process.poll() is None, log_of(workshop)
            assert not log_of(workshop)
        finally:
            process.kill()
            process.wait()
    finally:
        workshop.stop()


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_a_script_has_the_right_types(tmp_path: Path, block: Block):
    script = tmp_path / "script.py"
    script.write_text(block.text)
    options = ["--check-untyped-defs", "--follow-imports=silent", "--no-error-summary"]
    command = [sys.executable, "-m", "mypy", "--config-file=", *options, str(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_block_of_commands_that_is_not_run_says_why():
    for block in all_blocks():
        reason = block.remarks.get("not run", "none needed")
        assert re.search(r"\w+ \w+", reason), f"{block} is not run, and says only {reason!r}"


def _let_play(workshop: Workshop, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a player has been in a match for a while, or the script has ended."""
    began_s = seated_s = time.monotonic()
    people = 0
    while process.poll() is None and not (people and time.monotonic() - seated_s > PLAYS_S):
        assert time.monotonic() - began_s < 60, "nobody came"
        with urllib.request.urlopen(f"http://127.0.0.1:{workshop.port}/healthz") as answer:
            before, people = people, json.load(answer)["people"]
        if not before:
            seated_s = time.monotonic()
        time.sleep(0.1)


def log_of(workshop: Workshop) -> str:
    return (workshop.folder / "script.log").read_text()
