"""Serialization of values that cross a process boundary: to rows of the message table, and back.

Owns: the order of fields. Must not know: sockets. Invariant: a round trip yields an equal value.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import astuple, evolve, frozen

from server.config.options import Value, build, options
from server.config.settings import Settings
from server.config.sources import value_of
from server.match.counters import MatchCounters
from server.match.rounds import MatchSpec
from server.match.status import BotPolicy, MatchStatus
from server.ops.histogram import Histogram
from server.store.base import MatchResult, PlayerResult

MICROSECONDS: Final = 1_000_000


@frozen
class Report:
    """One match, as its worker reports it."""

    status: MatchStatus
    seated: frozenset[str] = frozenset()  # ids of players
    promised: frozenset[str] = frozenset()  # ids of players with a ticket, not yet connected

    def row(self) -> list[Any]:
        """The row in the message `report`."""
        status = evolve(self.status, phase=int(self.status.phase))  # an IntEnum is no plain int
        return [*astuple(status), sorted(self.seated), sorted(self.promised)]

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> "Report":
        """Parse a row that the table allowed."""
        *status, seated, promised = row
        return cls(MatchStatus(*status), frozenset(seated), frozenset(promised))


def spec_fields(spec: MatchSpec) -> tuple[Any, ...]:
    """The fields of the message `open`."""
    return (
        spec.match_id,
        spec.mode,
        spec.map_name,
        spec.seed,
        list(astuple(spec.bots)),
        spec.private,
        spec.secret,
    )


def spec_of(fields: Sequence[Any]) -> MatchSpec:
    """Parse `spec_fields`."""
    match_id, mode, map_name, seed, bots, private, secret = fields
    return MatchSpec(match_id, mode, map_name, seed, BotPolicy(*bots), private, secret)


def result_row(result: MatchResult) -> list[Any]:
    """The row in the message `result`."""
    *fields, players = astuple(result, recurse=False)
    fields[6:8] = [float(result.started_s), float(result.ended_s)]
    return [*fields, [list(astuple(player)) for player in players]]


def result_of(row: Sequence[Any]) -> MatchResult:
    """Parse `result_row`."""
    players = tuple(PlayerResult(*player) for player in row[-1])
    values: tuple[Any, ...] = (*row[:-1], players)
    return MatchResult(*values)


def settings_rows(settings: Settings) -> list[list[Any]]:
    """All settings that differ from their defaults."""
    rows: list[list[Any]] = []
    for name, option in options(Settings).items():
        value = value_of(settings, name)
        if value != option.default:
            rows.append([name, list(value) if isinstance(value, tuple) else value])
    return rows


def settings_of(rows: Iterable[Sequence[Any]]) -> Settings:
    """Parse `settings_rows`. Raises `ValueError`: the sender runs another version."""
    known, values = options(Settings), dict[str, Value]()
    for name, value in rows:
        checked = known[name].check(value) if name in known else None
        if checked is None:
            raise ValueError(f"the setting {name} differs from the one that was sent")
        values[name] = checked
    settings = build(Settings, values)
    assert isinstance(settings, Settings)
    return settings


def count_rows(counters: MatchCounters) -> list[list[Any]]:
    """Every counter as a name and an integer; times in microseconds."""
    rows: list[list[Any]] = []
    for attribute in attrs.fields(MatchCounters):
        name, value = attribute.name, getattr(counters, attribute.name)
        if name == "last_tick_s":
            continue  # this process's clock means nothing in another
        if isinstance(value, Histogram):
            rows += [[f"{name}.{index}", count] for index, count in enumerate(value.counts)]
            rows.append([f"{name}.total", int(value.total * MICROSECONDS)])
        elif isinstance(value, Mapping):
            rows += [[f"{name}.{key}", count] for key, count in value.items()]
        else:
            rows.append([name, value])
    return rows


def add_counts(counters: MatchCounters, rows: Iterable[Sequence[Any]]) -> None:
    """Add another process's counters; names unknown here are ignored."""
    for name, count in rows:
        head, _, part = name.partition(".")
        value = getattr(counters, head, None)
        if isinstance(value, Histogram):
            if part == "total":
                value.total += count / MICROSECONDS
            elif part.isdecimal() and int(part) < len(value.counts):
                value.counts[int(part)] += count
        elif isinstance(value, dict):
            value[part] = value.get(part, 0) + count
        elif isinstance(value, int) and not part:
            setattr(counters, head, value + count)
