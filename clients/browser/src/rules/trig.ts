/**
 * Directions without floats, as in game/trig.py: the same table, so that a dash goes the same way
 * on both sides.
 *
 * Owns: the whole turn unfolded from the quarter wave that the server's code computed. Invariant:
 * bit for bit the same numbers as in Python; the golden vectors decide.
 */
import { QUARTER_WAVE, TURN } from "../wire/generated";

export const ONE = 16_384; // a cosine of 1
export const QUARTER_STEPS = 1_024;

const COSINES = new Int16Array(4 * QUARTER_STEPS);
const SINES = new Int16Array(4 * QUARTER_STEPS);
unfold();

function unfold(): void {
  for (let step = 0; step < QUARTER_STEPS; step += 1) {
    const cosine = QUARTER_WAVE[QUARTER_STEPS - step] ?? 0;
    const sine = QUARTER_WAVE[step] ?? 0;
    set(step, cosine, sine);
    set(step + QUARTER_STEPS, -sine, cosine);
    set(step + 2 * QUARTER_STEPS, -cosine, -sine);
    set(step + 3 * QUARTER_STEPS, sine, -cosine);
  }
}

function set(step: number, cosine: number, sine: number): void {
  COSINES[step] = cosine;
  SINES[step] = sine;
}

function tableStep(aim: number): number {
  return ((aim + 8) >> 4) & 4_095;
}

/** The cosine, in 1/16,384, of the table step nearest to `aim`. */
export function cosine(aim: number): number {
  return COSINES[tableStep(aim)] ?? 0;
}

/** The sine, in 1/16,384, of the table step nearest to `aim`; y grows downwards. */
export function sine(aim: number): number {
  return SINES[tableStep(aim)] ?? 0;
}

/**
 * The aim (0 … 65,535) of a vector on the screen; floats are fine: this is an input and not a rule.
 */
export function aimOf(dx: number, dy: number): number {
  return Math.round((Math.atan2(dy, dx) / (2 * Math.PI)) * TURN) & (TURN - 1);
}
