"""Finds old values that a server still holds after settings changed while it ran."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from server.budget.bucket import Bucket
from server.config.options import Value, build, options
from server.config.reload import NEEDS_RESTART
from server.config.settings import Settings

OPTIONS = options(Settings)
SCALES = (1, 1_000, 1_000_000, 0.01)  # milliseconds, megabytes and per cents become other units
PLAIN_MAX = 1_000  # smaller whole numbers are everywhere


def strange(tmp_path: Path, part: float) -> Settings:
    """Settings in which each number is distinct, `part` of the way through its range."""
    values: dict[str, Value] = {
        "net.port": 0,
        "net.metrics_port": 0,
        "store.data_dir": str(tmp_path),
        "net.trusted_proxies": (f"10.0.0.{part * 100:.0f}",),
        "net.unlimited_addresses": (f"10.0.1.{part * 100:.0f}",),
    }
    for number, option in enumerate(OPTIONS.values()):
        if option.name in values or option.name in NEEDS_RESTART or option.kind not in (int, float):
            continue
        assert option.low is not None
        assert option.high is not None
        value = option.low + (option.high - option.low) * (part + number / 1_000)
        values[option.name] = option.kind(value)
    settings = build(Settings, values)
    assert isinstance(settings, Settings)
    return settings


def numbers_of(settings: object) -> Iterator[tuple[str, float]]:
    """The numbers that are unlikely to occur elsewhere in a server."""
    for option in OPTIONS.values():
        value: Any = settings
        for name in option.name.split("."):
            value = getattr(value, name)
        is_plain = option.kind is int and option.high is not None and option.high <= PLAIN_MAX
        if option.kind in (int, float) and option.name not in NEEDS_RESTART and not is_plain:
            for scale in SCALES:
                scaled = value * scale
                if scaled != int(scaled) or scaled > PLAIN_MAX:
                    yield option.name, float(scaled)


def reached_from(start: object) -> Iterator[tuple[object, object]]:
    """Every object that a server holds, each with its holder."""
    seen: dict[int, object] = {}
    waiting: list[tuple[object, object]] = [(start, None)]
    while waiting:
        here, holder = waiting.pop()
        if id(here) in seen or isinstance(here, type | str | bytes):
            continue
        seen[id(here)] = here
        yield here, holder
        is_ours = type(here).__module__.startswith("server.")
        inner: list[object] = []
        if isinstance(here, Bucket):
            inner = [here._per_s, here._burst]  # the level is not a setting
        elif is_ours and attrs.has(type(here)):
            inner = [getattr(here, it.name, None) for it in attrs.fields(type(here))]
        elif isinstance(here, dict):
            inner = [*here.values()]
        elif isinstance(here, list | tuple | set | frozenset):
            inner = [*here]
        elif is_ours or callable(here):  # of a function: what it closes over, not its module
            inner = [it for it in gc.get_referents(here) if not isinstance(it, dict)]
        elif type(here).__name__ == "cell":
            inner = gc.get_referents(here)
        waiting.extend((it, here) for it in inner)


def remembered(start: object, settings: Settings, latest: Settings) -> set[str]:
    """The values of `settings` that are still held somewhere, and where."""
    groups = {id(getattr(settings, it.name)): it.name for it in attrs.fields(Settings)}
    current = {value for _, value in numbers_of(latest)}
    old = {value: name for name, value in numbers_of(settings) if value not in current}
    found = set()
    for here, holder in reached_from(start):
        where = type(holder).__name__
        if id(here) in groups and not isinstance(here, int | float | str):
            found.add(f"{where} has all of {groups[id(here)]}")
        elif isinstance(here, int | float) and here in old:
            found.add(f"{where} has {old[float(here)]}")
    return found
