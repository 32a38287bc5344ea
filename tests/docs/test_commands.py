"""The programs that the pages name accept their commands, even those within sentences."""

import re
from pathlib import Path

import pytest

from tests.docs.commands import Unparsed, check_line, commands_of
from tests.docs.pages import PAGES, Block, all_blocks, code_words

BLOCKS = [block for block in all_blocks() if block.language in ("sh", "console")]
IN_SENTENCES = re.compile(r"(skirmish|make|python3?|\.venv/bin/python) [-\w]")


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_commands_in_blocks_are_taken(block: Block):
    commands = commands_of(block)
    assert commands or "(skirmish) " in block.text
    for command in commands:
        check_line(command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_sentences_are_taken(page: Path):
    for text in code_words(page):
        if IN_SENTENCES.match(text) and " # " not in text:
            check_line(text, may_lack_arguments=True)


@pytest.mark.parametrize(
    "command",
    [
        "skirmish dance",
        "skirmish serve --prot 8000",
        "skirmish bots --count many",
        "make tea",
        "make serve HOST=1",
        "python -m bench.nothing",
        "python3 dev.py dance",
        "frobnicate",
        "mkdir x && skirmish dance",
    ],
)
def test_a_command_that_would_be_refused_is_refused_here(command: str):
    with pytest.raises(Unparsed):
        check_line(command)
