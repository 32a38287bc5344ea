"""A player's settings, and their text in a file.

Owns: the values, their defaults and limits, reading and writing them as TOML. Must not know: where
the file is. Invariant: what `text_of` writes, `settings_from` reads back; an invalid text is
refused as a whole, in words that say what is wrong.
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from clients.desktop.core.input.bindings import (
    BINDINGS_PER_CONTROL_MAX,
    CONTROLS,
    KNOWN,
    default_bindings,
)

PALETTES: Final = ("night", "deuteranopia", "contrast")
NAME_CHARACTERS_MAX: Final = 40  # code points; the server counts letters
FRAMES_PER_S: Final = (30, 240)
FILE_BYTES_MAX: Final = 65_536


class SettingsError(Exception):
    """A settings text that cannot be used; the words are for the person who wrote it."""


@frozen
class Settings:
    """All settings."""

    name: str = ""  # "": the server makes one up
    volume: int = 70  # percent
    palette: str = "night"
    reduced_motion: bool = False
    simple_colours: bool = False  # the local player against all others
    net_graph: bool = False
    full_screen: bool = False
    frames_per_second: int = 60
    keys: Mapping[str, tuple[str, ...]] = field(factory=default_bindings)


_FLAGS: Final = ("reduced_motion", "simple_colours", "net_graph", "full_screen")


def settings_from(text: str) -> Settings:
    """Read a file's text. Raises `SettingsError`."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"it is not valid TOML: {error}") from None
    unknown = set(values) - {attribute.name for attribute in Settings.__attrs_attrs__}
    if unknown:
        raise SettingsError(f"unknown setting {min(unknown)!r}")
    return checked(Settings(), values)


def checked(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """`settings` with `values` in place of its own. Raises `SettingsError`."""
    for name, value in values.items():
        settings = evolve(settings, **{name: _checked(name, value)})
    return settings


def text_of(settings: Settings) -> str:
    """The text of a file."""
    lines = ["# Skirmish, the desktop client. Keys are named as on a US keyboard.", ""]
    names = [it.name for it in Settings.__attrs_attrs__ if it.name != "keys"]
    lines += [f"{name} = {_toml(getattr(settings, name))}" for name in names]
    lines += ["", "[keys]"]
    lines += [f"{control} = {_toml(list(keys))}" for control, keys in settings.keys.items()]
    return "\n".join([*lines, ""])


def _toml(value: object) -> str:
    """Write a value: JSON is TOML for flags, integers, printable strings and lists of them."""
    return json.dumps(value, ensure_ascii=False)


def _checked(name: str, value: Any) -> Any:
    if name in _FLAGS:
        _demand(type(value) is bool, f"{name} is true or false, not {value!r:.40}")
    elif name == "name":
        is_good = type(value) is str and len(value) <= NAME_CHARACTERS_MAX
        _demand(is_good, f"a name has at most {NAME_CHARACTERS_MAX} characters")
        _demand(value.isprintable(), "a name is made of characters that can be seen")
    elif name == "volume":
        _demand(type(value) is int and 0 <= value <= 100, "volume is a percentage, 0 to 100")
    elif name == "frames_per_second":
        low, high = FRAMES_PER_S
        is_good = type(value) is int and low <= value <= high
        _demand(is_good, f"frames_per_second is {low} to {high}")
    elif name == "palette":
        _demand(value in PALETTES, f"palette is one of {', '.join(PALETTES)}")
    elif name == "keys":
        return _checked_keys(value)
    return value


def _checked_keys(value: Any) -> dict[str, tuple[str, ...]]:
    _demand(isinstance(value, Mapping), "keys is a table")
    keys = default_bindings()
    for control, bindings in value.items():
        _demand(control in CONTROLS, f"keys.{control}: unknown control")
        is_list = isinstance(bindings, list | tuple)
        is_good = is_list and len(bindings) <= BINDINGS_PER_CONTROL_MAX
        _demand(is_good, f"keys.{control} is a list of at most {BINDINGS_PER_CONTROL_MAX} keys")
        for binding in bindings:
            _demand(
                isinstance(binding, str) and binding in KNOWN,
                f"keys.{control}: no key is called {binding!r:.40}",
            )
        keys[control] = tuple(bindings)
    return keys


def _demand(is_good: bool, words: str) -> None:
    if not is_good:
        raise SettingsError(words)
