"""What an operator may change while the server runs.

Owns: which settings those are. Must not know: who reads them. Invariant: what comes out of `merged`
differs from what runs in those alone, and all others that differ are named.
"""

from attrs import frozen

from server.options import Value, build, options
from server.setting_sources import value_of
from server.settings import Settings

RELOADED = ("log.level", "grace_s")
RELOADED_GROUPS = ("match.",)  # for matches that begin from then on


@frozen
class Reload:
    """Settings to go on with, and what became of each that was changed."""

    settings: Settings
    taken: tuple[str, ...]
    needs_restart: tuple[str, ...]


def merged(running: Settings, wanted: Settings) -> Reload:
    """The running settings with what can be taken of the wanted ones."""
    values: dict[str, Value] = {}
    taken: list[str] = []
    others: list[str] = []
    for name in options(Settings):
        now, then = value_of(running, name), value_of(wanted, name)
        is_reloaded = name in RELOADED or name.startswith(RELOADED_GROUPS)
        if now != then:
            (taken if is_reloaded else others).append(name)
        values[name] = then if is_reloaded else now  # type: ignore[assignment]
    settings = build(Settings, values)
    assert isinstance(settings, Settings)
    return Reload(settings, tuple(taken), tuple(others))
