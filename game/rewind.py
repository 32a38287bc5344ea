"""Lag compensation: where players stood a moment ago, so that a rail that crossed its target on the
shooter's screen hits.

Owns: `World.history`. Must not know: weapons. Invariant: at most `history_ticks` ticks are kept,
newest last; no tick yields a player who was dead or protected then.

A screen interpolates the others between two snapshots, at any moment between two ticks. `recall`
does the same with the same two ticks, in integers: it finds where players were drawn, not where
they really were in between, which nobody has seen.
"""

from dataclasses import dataclass
from struct import unpack
from typing import Final

from librt.strings import BytesWriter, write_i32_le
from mypy_extensions import i32

from game.inputs import VIEW_LAG_PER_TICK
from game.trig import ONE
from game.tuning import SNAPSHOT_EVERY_TICKS, Tuning
from game.world import Player, World

# A lag is sent in eighths of a tick, so it may be half an eighth off: 21 units for a player who
# dashes, less than a pixel. With this slack, a hit on the shooter's screen is never a miss.
SLACK_UNITS: Final = 24


def history_ticks(tuning: Tuning) -> int:
    """How many ticks are kept: from a snapshot's tick before the longest lag, up to now."""
    return tuning.rewind_ticks_max + SNAPSHOT_EVERY_TICKS


def places(players: dict[int, Player], tick: int) -> bytes:
    """The positions of the living: slot, x, y of each.

    A slot below zero is the complement of a protected player's slot, which a rail does not find.
    They are bytes, four per number: tuples would keep thousands of integers alive for the few that
    a rail ever reads.
    """
    line = BytesWriter()
    for player in players.values():
        if player.alive:
            slot = player.slot
            write_i32_le(line, i32(slot if tick >= player.protected_until_tick else ~slot))
            write_i32_le(line, i32(player.x))
            write_i32_le(line, i32(player.y))
    return line.getvalue()


def remember(world: World) -> None:
    """Record where the living stand; once a tick, after they moved."""
    history = world.history
    history.append(places(world.players, world.tick))
    if len(history) > history_ticks(world.tuning):
        del history[0]


@dataclass(frozen=True, slots=True)
class Strip:
    """All places nearer than `half_units` to the line through (x, y) along a direction."""

    x: int
    y: int
    cosine: int  # in 1/16,384
    sine: int
    half_units: int


def recall(world: World, view_lag: int, strip: Strip | None = None) -> dict[int, tuple[int, int]]:
    """(x, y) by slot, as drawn on a screen `view_lag` eighths of a tick behind this tick, or at the
    oldest tick kept if the lag is longer. With a strip: all players drawn in it, and perhaps
    others.
    """
    at = world.tick * VIEW_LAG_PER_TICK - view_lag
    before_tick = at // VIEW_LAG_PER_TICK // SNAPSHOT_EVERY_TICKS * SNAPSHOT_EVERY_TICKS
    after_tick = min(before_tick + SNAPSHOT_EVERY_TICKS, world.tick)
    span = (after_tick - before_tick) * VIEW_LAG_PER_TICK
    passed = at - before_tick * VIEW_LAG_PER_TICK
    farthest = world.tuning.speed_max * SNAPSHOT_EVERY_TICKS
    numbers = _stood(world, after_tick)
    slots_after = numbers[::3]
    drawn = {}
    for slot, x, y in _in_reach(_stood(world, before_tick), strip, farthest):
        drawn[slot] = x, y  # no later place, or one too far for a move: drawn without interpolation
        if span and slot in slots_after:
            i = slots_after.index(slot) * 3
            off_x, off_y = numbers[i + 1] - x, numbers[i + 2] - y
            if off_x * off_x + off_y * off_y <= farthest * farthest:
                drawn[slot] = x + off_x * passed // span, y + off_y * passed // span
    return drawn


def _stood(world: World, tick: int) -> tuple[int, ...]:
    history = world.history
    line = history[max(len(history) - 1 - (world.tick - tick), 0)]
    return unpack(f"<{len(line) // 4}i", line)


def _in_reach(
    stood: tuple[int, ...], strip: Strip | None, farthest: int
) -> list[tuple[int, int, int]]:
    """Those of `stood` who were unprotected, and could enter the strip before the next snapshot."""
    places = zip(stood[::3], stood[1::3], stood[2::3], strict=True)
    if strip is None:
        return [place for place in places if place[0] >= 0]
    cosine, sine = strip.cosine, strip.sine
    middle = strip.x * sine - strip.y * cosine
    most = (strip.half_units + farthest) * ONE
    return [
        (slot, x, y)
        for slot, x, y in places
        if -most < x * sine - y * cosine - middle < most and slot >= 0
    ]
