"""The little language of the debugger: names of fields, and conditions on them.

    health[3]          player 3 health          player[3].health       the same field
    phase              shot[12].x               pad[2]                 others
    health[3] < 20     phase == PLAY            score[0] >= 5 and alive[1] == 0

Owns: the grammar. Must not know: where a world comes from. Invariant: text is taken apart and
looked up; nothing of it is ever run.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from attrs import frozen

from game.tuning import Weapon
from game.world import Phase, Player, World
from server.debugger.errors import DebugError
from server.replays.fields import Value

Read = Callable[[str], Value | None]  # a field's name → its value

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": eq, "!=": ne, "<=": le, ">=": ge, "<": lt, ">": gt, "=": eq,
}  # fmt: skip
CLAUSES_MAX = 8
_CLAUSE = re.compile(r"\s*(?P<field>.+?)\s*(?P<operator>==|!=|<=|>=|<|>|=)\s*(?P<value>.+?)\s*")
_OF_PLAYER = re.compile(r"(?P<field>[a-z_]+)\[(?P<slot>\d{1,3})\](?P<rest>\[\d{1,3}\])?")
_SPOKEN = re.compile(r"(?P<what>player|shot)\s+(?P<number>\d{1,9})\s+(?P<field>[a-z_]+(\[\d+\])?)")
_EXACT = re.compile(
    r"(player|shot)\[\d{1,9}\]\.[a-z_]+(\[\d+\])?|pad\[\d{1,3}\]|config\.[a-z_]+(\[\d\])?"
    r"|flag\[\d\]\.[a-z_]+|team_scores\[\d\]|circle\.[a-z_]+"
)
_PLAYER_FIELDS = tuple(each.name for each in fields(Player))
_WORLD_FIELDS = tuple(each.name for each in fields(World) if each.type in (int, str))
_WORDS = {member.name: int(member) for member in (*Phase, *Weapon)}


def field_name(text: str) -> str:
    """The full name of a field that somebody typed. Raises `DebugError`."""
    wish = " ".join(text.split())
    if wish in _WORLD_FIELDS or _EXACT.fullmatch(wish):
        return wish
    if spoken := _SPOKEN.fullmatch(wish):
        return f"{spoken['what']}[{spoken['number']}].{spoken['field']}"
    short = _OF_PLAYER.fullmatch(wish)
    if short is not None and short["field"] in _PLAYER_FIELDS:
        return f"player[{short['slot']}].{short['field']}{short['rest'] or ''}"
    raise DebugError(
        f"there is no field {wish!r:.60}: say health[3], player 3 health, shot[12].x or one of "
        + ", ".join(_WORLD_FIELDS)
    )


@frozen
class Clause:
    """One comparison."""

    field: str
    operator: str
    value: Value

    def holds(self, read: Read) -> bool:
        """Whether it is so; of a field that is not there, nothing is."""
        found = read(self.field)
        if found is None or type(found) is not type(self.value):
            return False
        return OPERATORS[self.operator](found, self.value)


@frozen
class Condition:
    """Comparisons that all have to hold, and how they were typed."""

    text: str
    clauses: tuple[Clause, ...]

    def holds(self, read: Read) -> bool:
        """Whether all of them do."""
        return all(clause.holds(read) for clause in self.clauses)


def parse_condition(text: str) -> Condition:
    """Read `FIELD OPERATOR VALUE and …`. Raises `DebugError`."""
    words = " ".join(text.split())
    parts = re.split(r"\s+and\s+", words)
    if not words or len(parts) > CLAUSES_MAX:
        raise DebugError(f"a condition is one to {CLAUSES_MAX} comparisons, such as health[3] < 20")
    return Condition(words, tuple(_clause(part) for part in parts))


def _clause(text: str) -> Clause:
    found = _CLAUSE.fullmatch(text)
    if found is None:
        raise DebugError(f"{text!r:.60} is not a comparison: type something like health[3] < 20")
    return Clause(field_name(found["field"]), found["operator"], _value(found["value"]))


def _value(text: str) -> Value:
    if re.fullmatch(r"-?\d{1,20}", text):
        return int(text)
    if text.upper() in _WORDS:
        return _WORDS[text.upper()]
    if re.fullmatch(r"\"[^\"]*\"|'[^']*'", text):
        return text[1:-1]
    raise DebugError(
        f"{text!r:.60} is not a value: type a number, PLAY, RAIL or another such name, or 'a text'"
    )
