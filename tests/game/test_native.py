"""The switch of the compiled extra: used where it is, and refused when it is another version's."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from game import native

SWITCH = Path(native.__file__)
FRESH = SimpleNamespace(INTERFACE=native.INTERFACE, ASSUMES={"TILE_SHIFT": 10})


def switched(monkeypatch: pytest.MonkeyPatch, installed: Any, wanted: str = "") -> dict[str, Any]:
    """What the switch decides; `installed` None: nothing is."""
    monkeypatch.setitem(sys.modules, "skirmish_native", installed)
    monkeypatch.setenv("SKIRMISH_NATIVE", wanted)
    return runpy.run_path(str(SWITCH))


def test_it_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert switched(monkeypatch, FRESH)["native"] is FRESH
    assert switched(monkeypatch, FRESH, "1")["native"] is FRESH
    assert switched(monkeypatch, FRESH, "0")["native"] is None


def test_without_it_nothing_is_missing_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert switched(monkeypatch, None)["native"] is None
    assert switched(monkeypatch, None, "0")["native"] is None
    with pytest.raises(ImportError, match="skirmish_native"):
        switched(monkeypatch, None, "1")


@pytest.mark.parametrize("wanted", ["yes", "true", "2", " 1", "on", "01"])
def test_what_says_neither_is_refused(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    for installed in (FRESH, None):
        with pytest.raises(ImportError, match=r"SKIRMISH_NATIVE = .*: allowed is 1"):
            switched(monkeypatch, installed, wanted)


def test_what_was_built_for_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = SimpleNamespace(INTERFACE=native.INTERFACE - 1, ASSUMES={})
    with pytest.raises(ImportError, match="make native"):
        switched(monkeypatch, stale)
    expect = switched(monkeypatch, FRESH)["expect"]
    expect(TILE_SHIFT=10)
    for table in ({"TILE_SHIFT": 9}, {"NO_SUCH_TABLE": 1}):
        with pytest.raises(ImportError, match="make native"):
            expect(**table)
    switched(monkeypatch, None)["expect"](TILE_SHIFT=9)  # nothing is compiled: nothing is wrong
