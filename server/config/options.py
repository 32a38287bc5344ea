"""One option: what an operator may set, its limits in words, and how text becomes a value.

Owns: checking and parsing single values of settings classes. Must not know: where a value came
from, which settings exist. Invariant: a value that `check` lets through has the field's type and
lies within its limits.

A settings class is a frozen attrs class. Its fields are groups (again such classes) or values of
type int, float, bool, str or tuple[str, ...], with `metadata` that `option` writes. A `form` in it
normalizes a text, or each text of a list, for later comparison. It raises ValueError, with the end
of a sentence that says why, for a text that could never match.
"""

import json
import math
import re
import typing
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
from attrs import frozen

Value = int | float | bool | str | tuple[str, ...]

Form = Callable[[str], str]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def option(
    default: Value,
    text: str,
    span: tuple[float, float] | None = None,
    *,
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """Declare a field. `span` is the minimum and the maximum, in bytes for text.

    The default may lie outside the span: an empty text can stand for "not set".
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
    form: Form | None = None

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
        try:
            formed = self._formed(typing.cast(Value, value))
        except ValueError:
            return None
        return formed if self._fits(formed) else None

    def problem(self, value: object) -> str:
        """Say what is wrong with a value that `check` or `parse` refused."""
        texts: Sequence[object] = value if isinstance(value, (list, tuple)) else (value,)
        if self.kind is tuple and isinstance(value, str):
            texts = value.split(",")
        for text in texts:
            if not isinstance(text, str):
                break
            try:
                self._form_one(text)
            except ValueError as error:
                return str(error) if self.secret else f"{toml(text)}: {error}"
        return f"allowed is {self.allowed()}"

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
        """Return `value` for display or a log; a secret is never shown."""
        if self.secret:
            return '"…"' if value else '""'
        return toml(value)

    def _formed(self, value: Value) -> Value:
        if isinstance(value, str):
            return self._form_one(value)
        if isinstance(value, tuple) and all(type(item) is str for item in value):
            return tuple(dict.fromkeys(self._form_one(item) for item in value))
        return value

    def _form_one(self, text: str) -> str:
        """Normalize one text. Raises ValueError."""
        if self.secret:
            text = text.strip("\r\n")  # secret files end in a line break
        if _CONTROL.search(text):
            raise ValueError("it has a control character")
        try:
            text.encode()
        except UnicodeEncodeError:  # environment bytes that are not UTF-8
            raise ValueError("it is not UTF-8") from None
        return self.form(text) if self.form is not None else text

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
    """Make an instance of a settings class from values by dotted name; the rest keep their
    defaults.
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
    if isinstance(value, str):  # JSON's escapes are TOML's, but TOML escapes one more
        return json.dumps(value, ensure_ascii=not _is_unicode(value)).replace("\x7f", "\\u007f")
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return str(value)


def _is_unicode(text: str) -> bool:
    """Whether a text can be encoded as it is: surrogates cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


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
            form=metadata.get("form"),
        )


def _field_types(cls: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {attribute.name: hints[attribute.name] for attribute in attrs.fields(cls)}
