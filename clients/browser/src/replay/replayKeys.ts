/** The keys of the replay viewer. Must not know: the DOM. */
import { TICKS_PER_SECOND } from "../wire/generated";

export type ReplayWish =
  | { kind: "toggle" }
  | { kind: "skip"; ticks: number }
  | { kind: "speed"; step: 1 | -1 }
  | { kind: "follow"; step: 1 | -1 }
  | { kind: "kill"; step: 1 | -1 }
  | { kind: "free" }
  | { kind: "start" }
  | { kind: "end" }
  | { kind: "close" };

const WISHES: Readonly<Record<string, ReplayWish>> = {
  Space: { kind: "toggle" },
  KeyK: { kind: "toggle" },
  ArrowLeft: { kind: "skip", ticks: -5 * TICKS_PER_SECOND },
  ArrowRight: { kind: "skip", ticks: 5 * TICKS_PER_SECOND },
  Comma: { kind: "skip", ticks: -2 },
  Period: { kind: "skip", ticks: 2 },
  ArrowUp: { kind: "speed", step: 1 },
  ArrowDown: { kind: "speed", step: -1 },
  KeyF: { kind: "follow", step: 1 },
  KeyD: { kind: "follow", step: -1 },
  KeyN: { kind: "kill", step: 1 },
  KeyP: { kind: "kill", step: -1 },
  KeyC: { kind: "free" },
  Home: { kind: "start" },
  End: { kind: "end" },
  Escape: { kind: "close" },
};

export const SPEEDS = [25, 50, 100, 200, 400, 800] as const; // percent

/** The wish of a key (`KeyboardEvent.code`), or null: the key is not ours. */
export function wishOfKey(code: string, hasModifier: boolean): ReplayWish | null {
  return hasModifier ? null : (WISHES[code] ?? null);
}

/** The next faster or slower speed. */
export function steppedSpeed(percent: number, step: 1 | -1): number {
  const at = SPEEDS.findIndex((speed) => speed >= percent);
  const index = Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? SPEEDS.length - 1 : at) + step));
  return SPEEDS[index] ?? 100;
}

/** `¼×` to `8×`. */
export function speedText(percent: number): string {
  const fractions: Readonly<Record<number, string>> = { 25: "¼", 50: "½" };
  return `${fractions[percent] ?? String(percent / 100)}×`;
}
