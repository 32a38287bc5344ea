"""Runs a module of the bench in two processes, compiled and interpreted.

Owns the processes. When the last argument of such a module is `--one-way`, it prints one line of
JSON with what it measured in its own process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from bench.contender import ROOT
from build_compiled import build

ONE_WAY = "--one-way"
COMPILED, INTERPRETED = "compiled", "interpreted"
VALUES = {COMPILED: "1", INTERPRETED: "0"}


def both(module: str, words: Sequence[str] = ()) -> dict[str, Any]:
    """The module's measurements, compiled and interpreted. Compiles first; raises
    `CalledProcessError`.
    """
    build()
    return {way: _one(module, words, value) for way, value in VALUES.items()}


def _one(module: str, words: Sequence[str], value: str) -> Any:
    command = [sys.executable, "-m", module, *words, ONE_WAY]
    environment = {**os.environ, "SKIRMISH_COMPILED": value}
    ran = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(ran.stdout)
