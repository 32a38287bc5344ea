"""Every sound of the game as numbers: short, dry and apart in pitch, so that a fight stays legible
to the ear.

Frequencies in hertz, lengths in seconds, gains as a share of full scale.
"""

from typing import Final

from clients.desktop.core.sound.synth import Hiss, Recipe, Tone


def _chime(notes_hz: tuple[float, ...], step_s: float, gain: float) -> Recipe:
    return Recipe(
        tuple(
            Tone("sine", note, note, 0.24, gain, delay_s=index * step_s)
            for index, note in enumerate(notes_hz)
        )
    )


RECIPES: Final[dict[str, Recipe]] = {
    "blaster": Recipe((Tone("square", 880, 240, 0.09, 0.22),), (Hiss(2_600, 8_000, 0.04, 0.2),)),
    "scatter": Recipe(
        (Tone("triangle", 190, 48, 0.16, 0.6),),
        (
            Hiss(60, 5_200, 0.2, 0.8, end_share=0.1),
            Hiss(1_400, 2_400, 0.05, 0.4, delay_s=0.24),
        ),
    ),
    "launcher": Recipe(
        (Tone("sine", 130, 52, 0.22, 0.6),), (Hiss(300, 900, 0.36, 0.6, end_share=3.4),)
    ),
    "rail": Recipe(
        (
            Tone("saw", 1_900, 130, 0.4, 0.24),
            Tone("sine", 3_100, 900, 0.55, 0.12),
            Tone("sine", 90, 40, 0.2, 0.5),
        ),
        (Hiss(2_400, 9_000, 0.25, 0.2),),
    ),
    "disc": Recipe(
        (
            Tone("triangle", 420, 760, 0.14, 0.34, attack_s=0.02),
            Tone("sine", 1_260, 1_680, 0.2, 0.12),
        )
    ),
    "explosion": Recipe(
        (Tone("sine", 110, 28, 0.6, 0.9),), (Hiss(20, 2_600, 0.75, 1.2, end_share=0.04),)
    ),
    "impact": Recipe((), (Hiss(1_700, 3_400, 0.06, 0.4, end_share=0.45),)),
    "bounce": Recipe(
        (Tone("triangle", 1_500, 1_320, 0.16, 0.24), Tone("sine", 2_790, 2_790, 0.1, 0.1))
    ),
    "dash": Recipe((), (Hiss(360, 800, 0.22, 0.7, end_share=4.5),)),
    # Dry and high, distinct from all others: it says that the aim was right.
    "hit given": Recipe(
        (Tone("square", 1_760, 1_760, 0.045, 0.2), Tone("sine", 2_640, 2_640, 0.07, 0.2))
    ),
    "hit taken": Recipe(
        (Tone("saw", 230, 85, 0.16, 0.36),), (Hiss(40, 1_300, 0.12, 0.6, end_share=0.3),)
    ),
    "kill own": Recipe(
        (
            Tone("triangle", 660, 660, 0.12, 0.36),
            Tone("triangle", 990, 990, 0.26, 0.36, delay_s=0.09),
        )
    ),
    "death own": Recipe(
        (Tone("saw", 330, 46, 0.75, 0.36), Tone("sine", 160, 34, 0.85, 0.6)),
        (Hiss(30, 1_900, 0.6, 0.5, end_share=0.06),),
    ),
    "death": Recipe(
        (Tone("saw", 260, 60, 0.32, 0.26),), (Hiss(50, 2_400, 0.34, 0.5, end_share=0.1),)
    ),
    "spawn": Recipe(
        (
            Tone("sine", 260, 780, 0.32, 0.24, attack_s=0.06),
            Tone("sine", 390, 1_170, 0.32, 0.12, attack_s=0.06),
        )
    ),
    "health": _chime((660, 880), 0.06, 0.26),
    "mega": _chime((440, 660, 880, 1_320), 0.07, 0.28),
    "armour": Recipe((Tone("square", 330, 495, 0.16, 0.18),), (Hiss(3_000, 5_000, 0.09, 0.3),)),
    "double": Recipe(
        (
            Tone("saw", 110, 440, 0.7, 0.22, attack_s=0.1),
            Tone("sine", 880, 1_760, 0.7, 0.18, attack_s=0.2),
        )
    ),
    "ammunition": Recipe(
        (), (Hiss(1_800, 2_700, 0.04, 0.6), Hiss(2_700, 3_700, 0.05, 0.6, delay_s=0.08))
    ),
    "empty": Recipe((), (Hiss(1_200, 1_900, 0.03, 0.6),)),
    "count": Recipe((Tone("square", 440, 440, 0.12, 0.2),)),
    "go": Recipe((Tone("square", 880, 880, 0.4, 0.2), Tone("sine", 1_760, 1_760, 0.4, 0.14))),
    "overtime": Recipe(
        (
            Tone("saw", 294, 294, 0.3, 0.22),
            Tone("saw", 370, 370, 0.3, 0.22, delay_s=0.26),
            Tone("saw", 294, 294, 0.5, 0.22, delay_s=0.52),
        )
    ),
    "round over": _chime((523, 659, 784, 1_047), 0.13, 0.28),
    "medal": _chime((880, 1_109, 1_319), 0.08, 0.24),
    "flag": _chime((587, 784), 0.09, 0.3),
    "capture": _chime((523, 659, 784, 1_047, 1_319), 0.09, 0.3),
    "low health": Recipe((Tone("sine", 62, 46, 0.18, 0.7), Tone("sine", 62, 44, 0.2, 0.5, 0.22))),
    "click": Recipe((Tone("triangle", 900, 620, 0.05, 0.3),)),
}
