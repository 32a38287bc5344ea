"""The commands in blocks and sentences, and whether the programs they name accept them."""

import argparse
import importlib
import importlib.util
import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile

import dev
from server.cli import find_commands
from tests.docs.pages import ROOT, Block

# Placeholders on the pages, and an example value for each.
EXAMPLES = {"N": "2", "TICK": "60", "PORT": "8000", "SECONDS": "5", "NAME": "deathmatch", "…": ""}
OTHERS = {"apt", "cp", "docker", "export", "gcc", "journalctl", "mkdir", "mv", "nginx", "pip"}
OTHERS |= {"pipx", "rm", "sqlite3", "systemctl", "tar", "useradd", "."}
OTHERS |= {"skirmish-env/bin/pip", "/opt/skirmish/venv/bin/pip"}
MAKE_VARIABLES = set(re.findall(r"\$\(([A-Z]+)\)", (ROOT / "Makefile").read_text())) - {"DEV"}


class Unparsed(Exception):
    """A program would refuse this command."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise Unparsed(message)


def commands_of(block: Block) -> list[str]:
    """The command lines of a block: all of a shell's, and those after `$` in a transcript."""
    text = re.sub(r"\$\(.*?\)\)?", "X", block.text.replace("\\\n", " "))
    if block.language == "console":
        return [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def words_of(command: str) -> Iterator[list[str]]:
    """Each simple command of a line, without assignments, redirections and comments."""
    reader = shlex.shlex(command, posix=True, punctuation_chars="<>&|;")
    reader.whitespace_split = True
    reader.commenters = "#"
    words: list[str] = []
    skips = False
    for word in [*reader, ";"]:
        if skips:
            skips = False
        elif word in ("<", ">", ">>"):
            skips = True
        elif set(word) <= set("&|;"):
            while words and re.match(r"[A-Z_]+=", words[0]):
                words = words[1:]
            if words:
                yield words
            words = []
        else:
            words.append(word)


def check_line(command: str, *, may_lack_arguments: bool = False) -> None:
    """Raise `Unparsed` unless each command of a line is accepted; a sentence may name a command
    without its arguments.
    """
    for words in words_of(command):
        try:
            check(words)
        except Unparsed as unparsed:
            if not (may_lack_arguments and "arguments are required" in str(unparsed)):
                raise


def check(words: list[str]) -> None:
    """Raise `Unparsed` unless the named program exists and accepts these words."""
    program, rest = words[0], words[1:]
    if program in ("sudo", "env"):
        without_user = rest[2:] if rest[:1] == ["-u"] else rest
        check(list(dropwhile(lambda word: "=" in word, without_user)))
    elif program == "skirmish" or program.endswith("/bin/skirmish"):
        _check_skirmish(rest)
    elif program == "make":
        _check_make(rest)
    elif re.search(r"(^|/)python3?$", program):
        _check_python(rest)
    elif program not in OTHERS:
        raise Unparsed(f"nobody knows a program called {program}")


def _check_skirmish(words: list[str]) -> None:
    modules = find_commands()
    if words in ([], ["--help"], ["--version"]):
        return
    if words[0] not in modules:
        raise Unparsed(f"there is no command {words[0]!r}")
    module = importlib.import_module(modules[words[0]])
    parser = _Parser(prog="skirmish", allow_abbrev=False)
    module.add_arguments(parser)
    try:
        parser.parse_args([_example(word) for word in words[1:] if _example(word)])
    except SystemExit as end:  # --help, --list
        if end.code:
            raise


def _check_make(words: list[str]) -> None:
    for word in words:
        name, has_value, _ = word.partition("=")
        if has_value and name not in MAKE_VARIABLES:
            raise Unparsed(f"the Makefile reads no {name}")
        if not has_value and name not in {*dev.VERBS, "help"}:
            raise Unparsed(f"there is no verb {name!r}")


def _check_python(words: list[str]) -> None:
    if words[:1] == ["-m"] and importlib.util.find_spec(words[1]) is None:
        raise Unparsed(f"there is no module {words[1]!r}")
    if words[:1] == ["dev.py"] and words[1] not in {*dev.VERBS, "VERB"}:
        raise Unparsed(f"there is no verb {words[1]!r}")
    if words and words[0].endswith(".py") and not (ROOT / words[0]).exists():
        raise Unparsed(f"there is no file {words[0]!r}")


def _example(word: str) -> str:
    return EXAMPLES.get(word, word.removesuffix("…"))
