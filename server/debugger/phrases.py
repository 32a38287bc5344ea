"""Inputs, commands, events and values in words.

Owns: the phrases. Must not know: terminals, where any of it comes from.
"""

from collections.abc import Sequence

from game.events import EVENT_FIELDS, Event, EventKind
from game.inputs import (
    DASH,
    DOWN,
    FIRE,
    LEFT,
    RIGHT,
    SELECT_SHIFT,
    UP,
    VIEW_LAG_PER_TICK,
    Command,
    CommandKind,
    Input,
)
from game.tuning import TUNING, TURN
from server.replays.fields import Value

_KEYS = {UP: "up", DOWN: "down", LEFT: "left", RIGHT: "right", FIRE: "fire", DASH: "dash"}
_PEOPLE_FIELDS = ("slot", "victim", "killer", "attacker", "owner")


def input_words(slot: int, wish: Input) -> str:
    """`player 3: up fire, aim 90.0°`"""
    keys = [name for bit, name in _KEYS.items() if wish.buttons & bit]
    select = wish.buttons >> SELECT_SHIFT
    if 1 <= select <= len(TUNING.weapons):
        keys.append(f"takes {TUNING.weapons[select - 1].name}")
    aim = f"aim {wish.aim * 360 / TURN:.1f}°"
    lag = f", sees others {wish.view_lag / VIEW_LAG_PER_TICK:g} ticks back" if wish.view_lag else ""
    return f"player {slot}: {' '.join(keys) or 'no key'}, {aim}{lag}"


def command_words(command: Command) -> str:
    """`JOIN player 3 (1)`"""
    return f"{CommandKind(command.kind).name} player {command.slot} ({command.value})"


def event_words(event: Event) -> str:
    """`kill victim 3 killer 1 weapon 0 streak 1`"""
    kind = EventKind(event[0])
    fields = zip(EVENT_FIELDS[kind], event[1:], strict=True)
    return " ".join([kind.name.lower(), *(f"{name} {value}" for name, value in fields)])


def is_about(event: Event, slot: int) -> bool:
    """Whether a player has a part in an event."""
    fields = zip(EVENT_FIELDS[EventKind(event[0])], event[1:], strict=True)
    return any(name in _PEOPLE_FIELDS and value == slot for name, value in fields)


def tick_words(
    entered: tuple[Sequence[Command], Sequence[tuple[int, Input]]],
    events: Sequence[Event],
    slot: int | None = None,
) -> list[str]:
    """The inputs and events of a tick; of one player only, if `slot` is given."""
    commands, inputs = entered
    lines = [
        f"  command  {command_words(command)}"
        for command in commands
        if slot is None or command.slot == slot
    ]
    lines += [
        f"  input    {input_words(number, wish)}"
        for number, wish in inputs
        if slot is None or number == slot
    ]
    lines += [
        f"  event    {event_words(event)}"
        for event in events
        if slot is None or is_about(event, slot)
    ]
    return lines


def value_words(value: Value | None) -> str:
    """A value, or that there is none."""
    if value is None:
        return "nothing"
    return value.hex() if isinstance(value, bytes) else str(value)
