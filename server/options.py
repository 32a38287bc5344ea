"""One option: what an operator may set, its limits in words, and how text becomes a value.

Owns: checking and parsing single values of settings classes. Must not know: where a value came
from, which settings exist. Invariant: a value that `check` lets through has the field's type and
lies within its limits.

A settings class is a frozen attrs class. Its fields are groups (again such classes) or values of
type int, float, bool, str or tuple[str, ...], with `metadata` that `option` writes.
"""

import math
import typing
from collections.abc import Iterator
from typing import Any

import attrs
from attrs import frozen

Value = int | float | bool | str | tuple[str, ...]

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def option(
    default: Value,
    text: str,
    span: tuple[float, float] | None = None,
    *,
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """Declare a field. `span` is the least and the largest value, for text in bytes.

    The default is allowed whatever the span says: an empty text can stand for "not set".
    """
    low, high = span or (None, None)
    metadata = {"help": text, "low": low, "high": high, "choices": choices, "secret": secret}
    return attrs.field(default=default, metadata=metadata)


@frozen
class Option:
    """One field of the settings, by its dotted name."""

    name: str
    kind: type[Any]
    default: Value
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False

    def allowed(self) -> str:
        """Say in words what this option takes."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = {
            int: "a whole number",
            float: "a number",
            bool: "true or false",
            str: "text",
            tuple: "a list of texts",
        }[self.kind]
        return words + self._range()

    def check(self, value: object) -> Value | None:
        """Return `value` as this option's type, or None when it is not allowed."""
        if self.kind is float and type(value) is int:
            value = float(value)
        if self.kind is tuple and isinstance(value, list):
            value = tuple(value)
        if type(value) is not self.kind:
            return None
        return typing.cast(Value, value) if self._fits(value) else None

    def parse(self, text: str) -> Value | None:
        """Return the value that `text` (from the environment or a flag) stands for, or None."""
        stripped = text.strip()
        if self.kind is bool:
            lowered = stripped.lower()
            return lowered in _TRUE if lowered in _TRUE + _FALSE else None
        if self.kind is tuple:
            return self.check(tuple(part.strip() for part in text.split(",") if part.strip()))
        if self.kind is str:
            return self.check(text)
        try:
            return self.check(self.kind(stripped))
        except ValueError:
            return None

    def shown(self, value: object) -> str:
        """Return `value` for an eye or a log: a secret is never spelled out."""
        if self.secret:
            return '"…"' if value else '""'
        return toml(value)

    def _fits(self, value: Any) -> bool:
        if value == self.default:
            return True
        if self.kind is tuple:
            return all(type(item) is str for item in value)
        if self.choices and value not in self.choices:
            return False
        size = len(value.encode()) if self.kind is str else value
        if self.kind is float and not math.isfinite(value):
            return False
        return (self.low is None or size >= self.low) and (self.high is None or size <= self.high)

    def _range(self) -> str:
        if self.low is None or self.high is None:
            return ""
        low, high = _spelled(self.low), _spelled(self.high)
        return f" of {low} to {high} bytes" if self.kind is str else f" from {low} to {high}"


def options(cls: type[Any], prefix: str = "") -> dict[str, Option]:
    """Return every option of a settings class and of its groups, by dotted name, in order."""
    return {option.name: option for option in _walk(cls, prefix)}


def build(cls: type[Any], values: dict[str, Value], prefix: str = "") -> Any:
    """Make an instance of a settings class from values by dotted name; what is missing keeps its
    default.
    """
    arguments: dict[str, Any] = {}
    for name, kind in _field_types(cls).items():
        if attrs.has(kind):
            arguments[name] = build(kind, values, f"{prefix}{name}.")
        elif prefix + name in values:
            arguments[name] = values[prefix + name]
    return cls(**arguments)


def _spelled(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,g}"


def toml(value: object) -> str:
    """Write one value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return str(value)


def _walk(cls: type[Any], prefix: str) -> Iterator[Option]:
    types, defaults = _field_types(cls), cls()
    for attribute in attrs.fields(cls):
        name, kind = attribute.name, types[attribute.name]
        if attrs.has(kind):
            yield from _walk(kind, f"{prefix}{name}.")
            continue
        metadata = attribute.metadata
        yield Option(
            name=prefix + name,
            kind=typing.get_origin(kind) or kind,
            default=getattr(defaults, name),
            help=metadata.get("help", ""),
            low=metadata.get("low"),
            high=metadata.get("high"),
            choices=tuple(metadata.get("choices", ())),
            secret=bool(metadata.get("secret", False)),
        )


def _field_types(cls: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {attribute.name: hints[attribute.name] for attribute in attrs.fields(cls)}
