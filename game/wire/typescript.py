"""How Python's names and values are written in TypeScript.

Owns: spelling and layout. Must not know: what is exported. Invariant: the same value gives the same
text.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

LINE_MAX = 100


def camel(name: str) -> str:
    """`players_min` → `playersMin`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def pascal(name: str) -> str:
    """`create_room` → `CreateRoom`."""
    return "".join(part.capitalize() for part in name.split("_"))


def literal(value: object) -> str:
    """Write numbers, texts, sequences and mappings as a TypeScript expression on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)}: {literal(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    assert isinstance(value, Iterable), f"no TypeScript for {value!r}"
    return "[" + ", ".join(literal(item) for item in value) + "]"


def constant(name: str, value: object, note: str = "") -> str:
    """`export const name = value as const;`, with long arrays and objects over several lines."""
    text = f"export const {name} = {literal(value)}{_as_const(value)};"
    if len(text) > LINE_MAX:
        text = f"export const {name} = {_tall(value)}{_as_const(value)};"
    return f"/** {note} */\n{text}\n" if note else f"{text}\n"


def enumeration(members: type[IntEnum]) -> str:
    """An object of the members, and the union of their numbers under the same name."""
    name = members.__name__
    note = " ".join((members.__doc__ or "").split())
    values = constant(name, {member.name: int(member) for member in members}, note)
    return f"{values}export type {name} = (typeof {name})[keyof typeof {name}];\n"


def wrapped(values: Iterable[int], indent: str = "  ") -> str:
    """Integers, separated by commas, over as many lines as it takes."""
    lines, line = [], indent
    for value in values:
        if len(line) + len(str(value)) + 2 > LINE_MAX:
            lines.append(line.rstrip())
            line = indent
        line += f"{value}, "
    return "\n".join([*lines, line.rstrip()])


def _as_const(value: object) -> str:
    return " as const" if isinstance(value, Mapping | tuple | list) else ""


def _key(key: object) -> str:
    if isinstance(key, int):
        return str(int(key))
    return str(key) if str(key).isidentifier() else literal(str(key))


def _tall(value: object) -> str:
    if isinstance(value, Mapping):
        lines = [f"  {_key(key)}: {literal(item)}," for key, item in value.items()]
        return "{\n" + "\n".join(lines) + "\n}"
    assert isinstance(value, Iterable)
    items = list(value)
    if all(isinstance(item, int) for item in items):
        return "[\n" + wrapped(items) + "\n]"
    return "[\n" + "\n".join(f"  {literal(item)}," for item in items) + "\n]"
