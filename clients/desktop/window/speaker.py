"""Plays sounds. Invariant: without an audio device every call does nothing, and says so once.

Owns: the mixer, and the samples, made one sound at a time so that no frame waits for all of them.
"""

from collections.abc import Iterable
from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.sound.hearing import Sound
from clients.desktop.core.sound.recipes import RECIPES
from clients.desktop.core.sound.synth import RATE_HZ, samples_of

VOICES_MAX: Final = 24  # when all are busy, a new sound is left out
BUFFER_SAMPLES: Final = 512  # 23 ms


@define
class Speaker:
    """The loudspeakers. `volume` is 0 … 1."""

    volume: float = 0.7
    is_there: bool = False
    _sounds: dict[str, pygame.mixer.Sound] = field(factory=dict)

    def open(self) -> str:
        """Open the audio device; returns what to tell the player, "" when there is sound."""
        try:
            pygame.mixer.init(RATE_HZ, -16, 2, BUFFER_SAMPLES)
        except pygame.error as error:
            return f"Sound is unavailable: {error}"
        pygame.mixer.set_num_channels(VOICES_MAX)
        self.is_there = True
        return ""

    def close(self) -> None:
        """Close the audio device."""
        self._sounds.clear()
        if self.is_there:
            pygame.mixer.quit()
            self.is_there = False

    def prepare_one(self) -> None:
        """Make the next sound that is not ready yet: a few milliseconds of work."""
        if self.is_there:
            missing = next((name for name in RECIPES if name not in self._sounds), None)
            if missing is not None:
                self._sound(missing)

    def play(self, sounds: Iterable[Sound]) -> None:
        """Play all of them now."""
        if not self.is_there or self.volume <= 0:
            return
        for name, gain, pan in sounds:
            channel = pygame.mixer.find_channel()
            if channel is None:
                return
            loud = gain * self.volume * self.volume  # loudness is not linear in amplitude
            channel.set_volume(loud * min(1.0, 1 - pan), loud * min(1.0, 1 + pan))
            channel.play(self._sound(name))

    def _sound(self, name: str) -> pygame.mixer.Sound:
        if name not in self._sounds:
            samples = samples_of(RECIPES[name]).tobytes()
            self._sounds[name] = pygame.mixer.Sound(buffer=samples)
        return self._sounds[name]
