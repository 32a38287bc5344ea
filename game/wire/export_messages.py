"""The message table in TypeScript: an interface for each message, a union and a table per side.

Owns: the shape of the browser's message types. Must not know: the file they end up in.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from game.wire.messages import MESSAGES
from game.wire.schema import (
    Bytes,
    Channel,
    Field,
    Int,
    Integers,
    Kind,
    MessageSpec,
    Packed,
    Rows,
    Sections,
    Sender,
    Text,
)
from game.wire.typescript import camel, literal, pascal

KINDS = """\
/** How one field is written and what it may be; the limits are inclusive. */
export type Kind =
  | { readonly kind: "int"; readonly low: number; readonly high: number }
  | { readonly kind: "text"; readonly most: number }
  | { readonly kind: "bytes"; readonly least: number; readonly most: number }
  | { readonly kind: "rows"; readonly most: number; readonly fields: readonly FieldRow[] }
  | {
      readonly kind: "packed";
      readonly least: number;
      readonly most: number;
      readonly fields: readonly FieldRow[];
    }
  | { readonly kind: "integers" }
  | { readonly kind: "sections" };

export interface FieldRow {
  readonly name: string;
  readonly kind: Kind;
}

/** One row of the table; on the wire: `[number, field, field, …]`. */
export interface MessageRow {
  readonly number: number;
  readonly type: string;
  readonly fields: readonly FieldRow[];
}
"""


def message_table() -> Iterator[str]:
    """The pieces of the file, in order."""
    yield KINDS
    for channel in Channel:
        for sender in Sender:
            rows = [each.spec for each in MESSAGES if each.side == (channel, sender)]
            side = f"{channel.value}_{sender.value}"
            names = [pascal(f"{side}_{row.name}") for row in rows]
            yield from (_interface(name, row) for name, row in zip(names, rows, strict=True))
            union = "".join(f"\n  | {name}" for name in names)
            yield f"export type {pascal(side)}Message ={union};\n"
            table = "".join(f"  {literal(_row(row))},\n" for row in rows)
            yield f"export const {side.upper()}: readonly MessageRow[] = [\n{table}];\n"


def _interface(name: str, row: MessageSpec) -> str:
    lines = [f"export interface {name} {{", f'  readonly type: "{row.name}";']
    lines += [f"  readonly {camel(field)}: {_type(kind)};" for field, kind in row.fields]
    return "\n".join([*lines, "}\n"])


def _type(kind: Kind) -> str:
    match kind:
        case Int():
            return "number"
        case Text():
            return "string"
        case Bytes():
            return "Uint8Array"
        case Rows(_, fields) | Packed(_, fields):
            cells = "; ".join(f"readonly {camel(name)}: {_type(cell)}" for name, cell in fields)
            return f"readonly {{ {cells} }}[]"
        case Integers():
            return "readonly number[]"
        case Sections():
            return "readonly (readonly number[])[]"


def _row(row: MessageSpec) -> dict[str, Any]:
    return {"number": row.number, "type": row.name, "fields": _fields(row.fields)}


def _fields(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    return [{"name": camel(name), "kind": _kind(kind)} for name, kind in fields]


def _kind(kind: Kind) -> dict[str, Any]:
    limits = {
        name: _fields(value) if name == "fields" else value
        for name, value in attrs.asdict(kind, recurse=False).items()
        if name != "row"
    }
    return {"kind": type(kind).__name__.lower(), **limits}
