"""Every name that a page may mention, collected from where it is defined."""

import argparse
import importlib
import re
import subprocess
from functools import cache

from server.cli import find_commands
from server.config.options import options
from server.config.settings import Settings
from server.config.sources import SERVICE_VARIABLES
from tests.docs.pages import ROOT

GROUPS = {name.partition(".")[0] for name in options(Settings) if "." in name}
# Names that look like settings but are fields of a trace, of `attrs` or of other files.
BUILD_VARIABLES = {"SKIRMISH_CONFIG", "SKIRMISH_SKIP_BROWSER", "SKIRMISH_COMPILED"}


def is_of_others(variable: str) -> bool:
    """Whether the build reads it or Kubernetes sets it, so that it is no setting."""
    names = [name for name, _ in SERVICE_VARIABLES]
    return variable in BUILD_VARIABLES or any(re.fullmatch(name, variable) for name in names)


def setting_of_variable(variable: str) -> str:
    """The dotted name behind `SKIRMISH_NET__PORT`."""
    return variable.removeprefix("SKIRMISH_").lower().replace("__", ".")


@cache
def flags_of_commands() -> frozenset[str]:
    """The flags of every `skirmish` command, and of other programs that the pages mention."""
    flags = {"--ulimit", "--host", "--constraint"}
    for module in find_commands().values():
        parser = argparse.ArgumentParser()
        importlib.import_module(module).add_arguments(parser)
        flags |= set(parser._option_string_actions)
    for tool in [*(ROOT / "bench").rglob("*.py"), *(ROOT / "tests" / "simulation").glob("*.py")]:
        flags |= set(re.findall(r'"(--[a-z-]+)"', tool.read_text()))
    return frozenset(flags)


@cache
def tracked_files() -> frozenset[str]:
    """Paths of the repository, including folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    folders = {path.rpartition("/")[0] for path in listed}
    parents = {"/".join(folder.split("/")[:n]) for folder in folders for n in range(1, 9)}
    return frozenset({*listed, *parents} - {""})


@cache
def source_of_the_server() -> str:
    """The server's whole source, to search for literal names."""
    return "\n".join(path.read_text() for path in sorted((ROOT / "server").rglob("*.py")))


def events_of_tables(page: str) -> list[str]:
    """The names in the first column of tables headed `event`."""
    found = []
    for table in re.findall(r"^\| event \|.*\n\|[-| ]+\n((?:\|.*\n)+)", page, re.MULTILINE):
        for row in table.splitlines():
            found += re.findall(r"`(\w+)`", row.split("|")[1])
    return found
