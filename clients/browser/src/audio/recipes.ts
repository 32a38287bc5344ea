/**
 * Every sound of the game as numbers. Short, dry and apart in pitch, so that a fight stays legible
 * to the ear.
 *
 * Frequencies in hertz, lengths in seconds, gains as a share of full scale.
 */
import type { Recipe } from "./synth";

export const WEAPON_RECIPES: readonly Recipe[] = [
  {
    tones: [{ wave: "square", fromHz: 880, toHz: 240, lengthS: 0.09, gain: 0.16 }],
    hisses: [{ filter: "highpass", fromHz: 3200, lengthS: 0.04, gain: 0.12 }],
  },
  {
    tones: [{ wave: "triangle", fromHz: 190, toHz: 48, lengthS: 0.16, gain: 0.5 }],
    hisses: [
      { filter: "lowpass", fromHz: 5200, toHz: 500, lengthS: 0.2, gain: 0.5 },
      { filter: "bandpass", fromHz: 1800, lengthS: 0.05, gain: 0.3, delayS: 0.24, quality: 4 },
    ],
  },
  {
    tones: [{ wave: "sine", fromHz: 130, toHz: 52, lengthS: 0.22, gain: 0.5 }],
    hisses: [
      { filter: "bandpass", fromHz: 500, toHz: 1900, lengthS: 0.36, gain: 0.28, attackS: 0.03 },
    ],
  },
  {
    tones: [
      { wave: "sawtooth", fromHz: 1900, toHz: 130, lengthS: 0.4, gain: 0.2 },
      { wave: "sine", fromHz: 3100, toHz: 900, lengthS: 0.55, gain: 0.1 },
      { wave: "sine", fromHz: 90, toHz: 40, lengthS: 0.2, gain: 0.4 },
    ],
    hisses: [{ filter: "highpass", fromHz: 2400, toHz: 6400, lengthS: 0.25, gain: 0.14 }],
  },
  {
    tones: [
      { wave: "triangle", fromHz: 420, toHz: 760, lengthS: 0.14, gain: 0.28, attackS: 0.02 },
      { wave: "sine", fromHz: 1260, toHz: 1680, lengthS: 0.2, gain: 0.1 },
    ],
  },
];

export const EXPLOSION: Recipe = {
  tones: [{ wave: "sine", fromHz: 110, toHz: 28, lengthS: 0.6, gain: 0.8 }],
  hisses: [
    { filter: "lowpass", fromHz: 2600, toHz: 90, lengthS: 0.75, gain: 0.7 },
    { filter: "bandpass", fromHz: 900, toHz: 260, lengthS: 0.3, gain: 0.3, delayS: 0.03 },
  ],
};

export const IMPACT: Recipe = {
  hisses: [
    { filter: "bandpass", fromHz: 2600, toHz: 1100, lengthS: 0.06, gain: 0.18, quality: 1.6 },
  ],
};

export const BOUNCE: Recipe = {
  tones: [
    { wave: "triangle", fromHz: 1500, toHz: 1320, lengthS: 0.16, gain: 0.2 },
    { wave: "sine", fromHz: 2790, lengthS: 0.1, gain: 0.09 },
  ],
};

export const DASH: Recipe = {
  hisses: [
    {
      filter: "bandpass", fromHz: 480, toHz: 2400, quality: 1.4,
      lengthS: 0.2, gain: 0.32, attackS: 0.05,
    },
  ],
};

/** Dry and high, distinct from all others: it says that the aim was right. */
export const HIT_GIVEN: Recipe = {
  tones: [
    { wave: "square", fromHz: 1760, lengthS: 0.045, gain: 0.13 },
    { wave: "sine", fromHz: 2640, lengthS: 0.07, gain: 0.12 },
  ],
};

export const HIT_TAKEN: Recipe = {
  tones: [{ wave: "sawtooth", fromHz: 230, toHz: 85, lengthS: 0.16, gain: 0.3 }],
  hisses: [{ filter: "lowpass", fromHz: 1300, toHz: 300, lengthS: 0.12, gain: 0.34 }],
};

export const KILL_OWN: Recipe = {
  tones: [
    { wave: "triangle", fromHz: 660, lengthS: 0.12, gain: 0.3 },
    { wave: "triangle", fromHz: 990, lengthS: 0.26, gain: 0.3, delayS: 0.09 },
    { wave: "sine", fromHz: 1980, lengthS: 0.24, gain: 0.08, delayS: 0.09 },
  ],
};

export const DEATH_OWN: Recipe = {
  tones: [
    { wave: "sawtooth", fromHz: 330, toHz: 46, lengthS: 0.75, gain: 0.3 },
    { wave: "sine", fromHz: 160, toHz: 34, lengthS: 0.85, gain: 0.5 },
  ],
  hisses: [{ filter: "lowpass", fromHz: 1900, toHz: 90, lengthS: 0.6, gain: 0.35 }],
};

export const DEATH_OTHER: Recipe = {
  tones: [{ wave: "sawtooth", fromHz: 260, toHz: 60, lengthS: 0.32, gain: 0.2 }],
  hisses: [{ filter: "lowpass", fromHz: 2400, toHz: 200, lengthS: 0.34, gain: 0.34 }],
};

export const SPAWN: Recipe = {
  tones: [
    { wave: "sine", fromHz: 260, toHz: 780, lengthS: 0.32, gain: 0.2, attackS: 0.06 },
    { wave: "sine", fromHz: 390, toHz: 1170, lengthS: 0.32, gain: 0.1, attackS: 0.06 },
  ],
};

function chime(notesHz: readonly number[], stepS: number, gain: number): Recipe {
  const tones = notesHz.map((fromHz, index) => ({
    wave: "sine" as const, fromHz, lengthS: 0.22, gain, delayS: index * stepS,
  }));
  return { tones };
}

/** By pickup kind; ammunition is one sound, whatever the weapon. */
export const PICKUP_RECIPES: Record<number, Recipe> = {
  0: chime([660, 880], 0.06, 0.24),
  1: chime([440, 660, 880, 1320], 0.07, 0.26),
  2: {
    tones: [{ wave: "square", fromHz: 330, toHz: 495, lengthS: 0.16, gain: 0.12 }],
    hisses: [{ filter: "bandpass", fromHz: 3600, lengthS: 0.09, gain: 0.16, quality: 6 }],
  },
  3: {
    tones: [
      { wave: "sawtooth", fromHz: 110, toHz: 440, lengthS: 0.7, gain: 0.2, attackS: 0.1 },
      { wave: "sine", fromHz: 880, toHz: 1760, lengthS: 0.7, gain: 0.16, attackS: 0.2 },
    ],
  },
};

export const PICKUP_AMMO: Recipe = {
  hisses: [
    { filter: "bandpass", fromHz: 2200, lengthS: 0.04, gain: 0.3, quality: 5 },
    { filter: "bandpass", fromHz: 3100, lengthS: 0.05, gain: 0.3, quality: 5, delayS: 0.08 },
  ],
};

export const EMPTY: Recipe = {
  hisses: [{ filter: "bandpass", fromHz: 1500, lengthS: 0.03, gain: 0.3, quality: 6 }],
};

export const COUNT: Recipe = {
  tones: [{ wave: "square", fromHz: 440, lengthS: 0.12, gain: 0.14 }],
};
export const GO: Recipe = {
  tones: [
    { wave: "square", fromHz: 880, lengthS: 0.4, gain: 0.14 },
    { wave: "sine", fromHz: 1760, lengthS: 0.4, gain: 0.1 },
  ],
};
export const OVERTIME: Recipe = {
  tones: [
    { wave: "sawtooth", fromHz: 294, lengthS: 0.3, gain: 0.16 },
    { wave: "sawtooth", fromHz: 370, lengthS: 0.3, gain: 0.16, delayS: 0.26 },
    { wave: "sawtooth", fromHz: 294, lengthS: 0.5, gain: 0.16, delayS: 0.52 },
  ],
};
export const ROUND_END: Recipe = chime([523, 659, 784, 1047], 0.13, 0.24);
export const MEDAL: Recipe = chime([1047, 1319, 1568], 0.07, 0.18);

/** Two beats of a heart. */
export const LOW_HEALTH: Recipe = {
  tones: [
    { wave: "sine", fromHz: 74, toHz: 44, lengthS: 0.16, gain: 0.7 },
    { wave: "sine", fromHz: 66, toHz: 40, lengthS: 0.18, gain: 0.55, delayS: 0.2 },
  ],
};

export const CLICK: Recipe = {
  tones: [{ wave: "triangle", fromHz: 720, toHz: 540, lengthS: 0.05, gain: 0.2 }],
};
