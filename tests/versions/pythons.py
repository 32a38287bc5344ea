"""The other Pythons of this machine, each with an environment of its own.

Owns: finding and equipping them. Must not know: journals. Invariant: what is found answers, and is
the version it is taken for; an environment that holds what its stamp says is not made again.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dev import Refusal, version_of
from dev_steps import ROOT, VENV

WANTED = ("3.11", "3.12", "3.13")
OWN = f"{sys.version_info[0]}.{sys.version_info[1]}"
SETTING = "PYTHONS"  # names or paths, separated by spaces: only these are used
PACKAGES = ("attrs", "cbor2", "librt", "mypy-extensions")  # for replays
PACKAGES += ("hypothesis", "pytest", "pytest-trio")  # and for tests
ENVIRONMENTS = VENV / "versions"


def find_others(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Programs by version: those that are wanted, found, and not this one.

    Raises `Refusal` when one that was asked for by name is none.
    """
    named = environment.get(SETTING, "").split()
    found: dict[str, str] = {}
    for name in named:
        version = _answer(name)
        if version == "0.0":
            raise Refusal(f"{SETTING} names {name!r}, which is no Python that answers")
        found.setdefault(version, name)
    if not named:
        for version in WANTED:
            programs = (it for it in _candidates(version, environment) if _answer(it) == version)
            if program := next(programs, None):
                found[version] = program
    found.pop(OWN, None)
    return found


def _answer(program: str) -> str:
    """The version a program reports; 0.0 for a pyenv shim without a Python behind it."""
    return ".".join(str(part) for part in version_of(program))


def _candidates(version: str, environment: Mapping[str, str]) -> Iterator[str]:
    """All matches on the path, as the first may be a shim; then what pyenv has installed."""
    path = environment.get("PATH", "")
    for folder in path.split(os.pathsep):
        if program := shutil.which(f"python{version}", path=folder):
            yield program
    if pyenv := shutil.which("pyenv", path=path):
        for name in _said([pyenv, "versions", "--bare"], environment).split():
            if re.fullmatch(rf"{re.escape(version)}\.\d+", name):
                root = _said([pyenv, "root"], environment).strip()
                yield str(Path(root) / "versions" / name / "bin" / "python")


def _said(command: list[str], environment: Mapping[str, str]) -> str:
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return answer.stdout


def equip(version: str, program: str) -> str:
    """The Python of a version's environment, which is made if absent. Raises `Refusal`."""
    folder = ENVIRONMENTS / version
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = folder / "installed", wanted_stamp(program)
    if stamp.is_file() and stamp.read_text() == wanted and _answer(str(python)) == version:
        return str(python)
    print(f"Making an environment for Python {version}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _must([program, "-m", "venv", "--without-pip", str(folder)], version)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--constraint", str(ROOT / "constraints.txt")]
    _must([*pip, *PACKAGES], version)
    stamp.write_text(wanted)
    return str(python)


def wanted_stamp(program: str) -> str:
    """The contents of an environment."""
    parts: Iterable[str] = (program, str(ENVIRONMENTS), *PACKAGES)
    summary = hashlib.sha256("\n".join(parts).encode())
    summary.update((ROOT / "constraints.txt").read_bytes())
    return summary.hexdigest()


def _must(command: list[str], version: str) -> None:
    if subprocess.run(command, check=False).returncode:
        raise Refusal(f"Python {version} is here, but nothing can be installed for it: see above")
