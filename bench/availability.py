"""Finds the contenders that can be measured on this machine, and why others cannot."""

import subprocess
from collections.abc import Iterable

from bench.contender import Contender
from build_compiled import CompilerError
from hatch_build import BuildError

FAILURES = (RuntimeError, OSError, subprocess.CalledProcessError, BuildError, CompilerError)


def prepared(contenders: Iterable[Contender]) -> tuple[list[Contender], dict[str, str]]:
    """Build and install. Returns the ready contenders, and by name why the others are not."""
    ready: list[Contender] = []
    reasons: dict[str, str] = {}
    for contender in contenders:
        try:
            contender.prepare()
            ready.append(contender)
        except FAILURES as error:
            reasons[contender.name] = f"could not be installed: {error}"
    return ready, reasons
