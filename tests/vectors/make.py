"""`python -m tests.vectors.make` writes the golden vectors that Python and the browser's tests
share.

Owns: which cases there are. Invariant: the same code gives the same files; `--check` (a test) finds
stale ones.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.vectors.arithmetic import arithmetic
from tests.vectors.journals import journals
from tests.vectors.maps import maps
from tests.vectors.messages import messages
from tests.vectors.movement import movement
from tests.vectors.netcode import netcode
from tests.vectors.snapshots import snapshots
from tests.vectors.trigger import trigger

FOLDER = Path(__file__).parent
MAKERS = {
    "messages": messages,
    "snapshots": snapshots,
    "movement": movement,
    "trigger": trigger,
    "netcode": netcode,
    "journals": journals,
    "arithmetic": arithmetic,
    "maps": maps,
}


def render(name: str) -> str:
    """One file: an object of lists and values, with each item of a list on its own line."""
    parts = [f"{json.dumps(key)}: {_value(value)}" for key, value in MAKERS[name]().items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def stale() -> list[str]:
    """The files that are not what the code makes now."""
    return [name for name in MAKERS if _read(name) != render(name)]


def _read(name: str) -> str:
    path = FOLDER / f"{name}.json"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(_lines(value)) + "\n]"
    return _compact(value)


def _lines(items: Iterable[object]) -> list[str]:
    return [_compact(item) for item in items]


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def main(arguments: list[str]) -> int:
    """Write all files, or say which are stale."""
    if "--check" in arguments:
        for name in stale():
            print(f"{name}.json is stale: run `python -m tests.vectors.make`", file=sys.stderr)
        return 1 if stale() else 0
    for name in MAKERS:
        (FOLDER / f"{name}.json").write_text(render(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
