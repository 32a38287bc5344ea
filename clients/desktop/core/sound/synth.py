"""Samples from recipes: there are no sound files.

Owns: oscillators, noise and envelopes. Must not know: which sound is for what. Invariant: a recipe
always gives the same samples, none of them beyond full scale.
"""

from array import array
from collections.abc import Callable
from math import exp, pi, sin
from typing import Final

from attrs import field, frozen

RATE_HZ: Final = 22_050
PEAK: Final = 32_000
_ATTACK_S: Final = 0.003  # without it every sound begins with a click
_SILENT: Final = 4.6  # an envelope ends at e^-4.6, a hundredth

_Wave = Callable[[float], float]

_WAVES: Final[dict[str, _Wave]] = {  # of a phase 0 … 1
    "sine": lambda phase: sin(2 * pi * phase),
    "square": lambda phase: 0.6 if phase < 0.5 else -0.6,
    "triangle": lambda phase: 4 * abs(phase - 0.5) - 1,
    "saw": lambda phase: 2 * phase - 1,
}


@frozen
class Tone:
    """A pitch that glides from one to another while it fades."""

    wave: str
    start_hz: float
    end_hz: float
    length_s: float
    gain: float
    delay_s: float = 0.0
    attack_s: float = _ATTACK_S


@frozen
class Hiss:
    """Noise between two frequencies, which glide as well, while it fades."""

    low_hz: float
    high_hz: float
    length_s: float
    gain: float
    end_share: float = 1.0  # of both frequencies, at the end
    delay_s: float = 0.0


@frozen
class Recipe:
    """One sound."""

    tones: tuple[Tone, ...] = ()
    hisses: tuple[Hiss, ...] = field(default=())

    @property
    def length_s(self) -> float:
        """From the first sample to the last."""
        tones = [tone.delay_s + tone.length_s for tone in self.tones]
        return max(*tones, *(hiss.delay_s + hiss.length_s for hiss in self.hisses), 0.0)


def samples_of(recipe: Recipe) -> "array[int]":
    """16-bit samples of two equal channels, interleaved."""
    mix = [0.0] * (int(recipe.length_s * RATE_HZ) + 1)
    for tone in recipe.tones:
        _add_tone(mix, tone)
    for hiss in recipe.hisses:
        _add_hiss(mix, hiss)
    loudest = max(1.0, *(abs(value) for value in mix))
    return array("h", [round(value / loudest * PEAK) for value in mix for _ in range(2)])


def _add_tone(mix: list[float], tone: Tone) -> None:
    wave, count = _WAVES[tone.wave], int(tone.length_s * RATE_HZ)
    start = int(tone.delay_s * RATE_HZ)
    attack = max(1, int(tone.attack_s * RATE_HZ))
    glide = (tone.end_hz / tone.start_hz) ** (1 / count)
    fall = exp(-_SILENT / count)
    phase, pitch, level = 0.0, tone.start_hz / RATE_HZ, tone.gain
    for index in range(count):
        rise = index / attack if index < attack else 1.0
        mix[start + index] += wave(phase) * level * rise
        phase = (phase + pitch) % 1.0
        pitch *= glide
        level *= fall


def _add_hiss(mix: list[float], hiss: Hiss) -> None:
    """Add noise, limited to a band by two one-pole filters."""
    count, start = int(hiss.length_s * RATE_HZ), int(hiss.delay_s * RATE_HZ)
    fall, glide = exp(-_SILENT / count), hiss.end_share ** (1 / count)
    low, high, level = hiss.low_hz, hiss.high_hz, hiss.gain
    slow = fast = 0.0
    seed = 1
    for index in range(count):
        seed = seed * 1_103_515_245 + 12_345 & 0x7FFF_FFFF
        noise = seed / 0x4000_0000 - 1.0
        fast += (noise - fast) * min(1.0, 2 * pi * high / RATE_HZ)
        slow += (fast - slow) * min(1.0, 2 * pi * low / RATE_HZ)
        mix[start + index] += (fast - slow) * level
        level *= fall
        low *= glide
        high *= glide
