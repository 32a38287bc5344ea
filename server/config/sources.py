"""Merges a file, the environment and flags into one checked `Settings`; reports all faults at once.

Owns: which source wins (defaults < file < PORT < environment < flags), and how each is named. Must
not know: what the settings are for. Invariant: either all values are allowed, or no settings are
returned.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from attrs import define, field, frozen

from server.config.options import Option, Value, build, options, toml
from server.config.settings import Settings
from server.security.private_files import readers

ENV_PREFIX = "SKIRMISH_"
CONFIG_VARIABLE = "SKIRMISH_CONFIG"
# The build reads the second, `game.compiled` the third, before there are any settings.
NO_SETTINGS = (CONFIG_VARIABLE, "SKIRMISH_SKIP_BROWSER", "SKIRMISH_COMPILED")
CONFIG_FILE = "skirmish.toml"
CONFIG_BYTES_MAX = 65_536
SHOWN_CHARACTERS_MAX = 60
_OF_SERVICE = r"SKIRMISH_(?:[A-Z0-9_]+_)?"
_ADDRESS = r"[0-9A-Fa-f.:]+"
# Names and values of <https://kubernetes.io/docs/concepts/services-networking/service/>.
SERVICE_VARIABLES = (
    (_OF_SERVICE + r"SERVICE_HOST", _ADDRESS),
    (_OF_SERVICE + r"SERVICE_PORT(?:_[A-Z0-9_]+)?", r"\d+"),
    (_OF_SERVICE + r"PORT(?:_\d+_(?:TCP|UDP|SCTP))?", rf"(?:tcp|udp|sctp)://\[?{_ADDRESS}\]?:\d+"),
    (_OF_SERVICE + r"PORT_\d+_(?:TCP|UDP|SCTP)_PROTO", r"tcp|udp|sctp"),
    (_OF_SERVICE + r"PORT_\d+_(?:TCP|UDP|SCTP)_PORT", r"\d+"),
    (_OF_SERVICE + r"PORT_\d+_(?:TCP|UDP|SCTP)_ADDR", _ADDRESS),
)


@frozen
class Fault:
    """One thing that is wrong with what the operator asked for."""

    name: str
    value: str  # "" when there is none to show
    source: str
    problem: str

    def __str__(self) -> str:
        """One line for the operator."""
        value = f" = {self.value}" if self.value else ""
        return f"{self.name}{value} ({self.source}): {self.problem}"


class SettingsError(Exception):
    """Settings that cannot be used; holds every fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults; the text lists them, one a line."""
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@frozen
class Effective:
    """Settings, and where each value came from, by dotted name."""

    settings: Settings
    sources: Mapping[str, str]
    passed_over: tuple[str, ...] = ()  # variables that Kubernetes has set, not the operator
    file: Path | None = None  # the config file that was read


def read_settings(
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    config: Path | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Effective:
    """Merge all sources. `flags` are dotted names with text values. Raises `SettingsError`.

    `defaults` are a command's own, in place of those that the settings declare.
    """
    environment = os.environ if environment is None else environment
    merge = _Merge(options(Settings))
    for name, text in (defaults or {}).items():
        merge.text(name, text, "default of this command")
    path, told_by = _config_path(config, environment)
    if path is not None:
        merge.file(path, told_by)
    merge.environment(environment)
    for name, text in (flags or {}).items():
        merge.text(name, text, f"flag --{name}")
    if merge.faults:
        raise SettingsError(tuple(merge.faults))
    settings = cast(Settings, build(Settings, merge.values))
    return Effective(settings, merge.sources, tuple(merge.passed_over), path)


def as_toml(effective: Effective) -> str:
    """Return the effective settings as a TOML file that explains itself, with no secret in it."""
    lines: list[str] = []
    group = ""
    for name, option in options(Settings).items():
        head, _, last = name.rpartition(".")
        if head != group:
            group = head
            lines += ["", f"[{head}]"]
        source = effective.sources.get(name, "default")
        value = value_of(effective.settings, name)
        remark = f"# {option.help}: {option.allowed()} ({source})"
        lines.append("".join(c if c.isprintable() else ascii(c)[1:-1] for c in remark))
        if option.secret and value:
            lines.append(f"# {last} is set but not printed: set it here, or leave it where it is")
        else:
            lines.append(f"{last} = {toml(value)}")
    return "\n".join(lines) + "\n"


def is_of_a_service(variable: str, value: str) -> bool:
    """Whether this is what Kubernetes sets for a Service whose name begins with `skirmish`.

    Name and value have to agree, so that a mistyped setting is still a mistake.
    """
    return any(
        re.fullmatch(name, variable) and re.fullmatch(shape, value)
        for name, shape in SERVICE_VARIABLES
    )


def value_of(settings: object, name: str) -> object:
    """Return the value with a dotted name."""
    for part in name.split("."):
        settings = getattr(settings, part)
    return settings


def _config_path(config: Path | None, environment: Mapping[str, str]) -> tuple[Path | None, str]:
    if config is not None:
        return config, "flag --config"
    if named := environment.get(CONFIG_VARIABLE):
        return Path(named), f"environment {CONFIG_VARIABLE}"
    default = Path(CONFIG_FILE)
    return (default, "") if default.is_file() else (None, "")


@define
class _Merge:
    """The values so far; a later source replaces an earlier one."""

    known: Mapping[str, Option]
    values: dict[str, Value] = field(factory=dict)
    sources: dict[str, str] = field(factory=dict)
    faults: list[Fault] = field(factory=list)
    passed_over: list[str] = field(factory=list)

    def file(self, path: Path, told_by: str) -> None:
        """Take in a TOML file."""
        try:
            with path.open("rb") as stream:
                raw = stream.read(CONFIG_BYTES_MAX + 1)
                others = readers(os.fstat(stream.fileno()))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._fault("config", str(path), told_by or "found here", f"cannot be read: {reason}")
            return
        if len(raw) > CONFIG_BYTES_MAX:
            problem = f"is larger than {CONFIG_BYTES_MAX} bytes"
            self._fault("config", str(path), told_by or "found here", problem)
            return
        try:
            # Editors on Windows begin a file with a byte order mark, which is not TOML.
            tables = tomllib.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:  # not TOML, or not UTF-8
            self._fault("config", str(path), told_by or "found here", f"is not TOML: {error}")
            return
        for name, value in _flatten(tables):
            if others and value and name in self.known and self.known[name].secret:
                problem = f"the file can be read or changed by {others}: chmod 600 {path}"
                self._fault(name, "", f"file {path}", problem)
                continue
            self._take(name, value, f"file {path}", lambda option, value=value: option.check(value))

    def environment(self, environment: Mapping[str, str]) -> None:
        """Take in PORT, then every variable with our prefix."""
        if port := environment.get("PORT"):
            self.text("net.port", port, "environment PORT")
        for variable in sorted(environment):
            if variable.startswith(ENV_PREFIX) and variable not in NO_SETTINGS:
                name = variable.removeprefix(ENV_PREFIX).lower().replace("__", ".")
                if name not in self.known and is_of_a_service(variable, environment[variable]):
                    self.passed_over.append(variable)
                else:
                    self.text(name, environment[variable], f"environment {variable}")

    def text(self, name: str, text: str, source: str) -> None:
        """Take in one value that is text by nature."""
        self._take(name, text, source, lambda option: option.parse(text))

    def _take(self, name: str, given: object, source: str, convert: Any) -> None:
        option = self.known.get(name)
        if option is None:
            self._fault(name, "", source, "there is no such setting" + self._similar(name))
            return
        value = convert(option)
        if value is None:
            shown = option.shown(given) if option.secret else toml(given)
            self._fault(name, shown, source, option.problem(given))
            return
        self.values[name] = value
        self.sources[name] = source

    def _similar(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.known, n=1)
        return f"; did you mean {near[0]}?" if near else ""

    def _fault(self, name: str, value: str, source: str, problem: str) -> None:
        if len(value) > SHOWN_CHARACTERS_MAX:
            value = value[:SHOWN_CHARACTERS_MAX] + "…"
        self.faults.append(Fault(name, value, source, problem))


def _flatten(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
