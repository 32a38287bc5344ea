/** Roads as people have them: how long a message takes that leaves now, the same on every run. */
import { seededDice } from "./fakes";

export type Road = (nowMs: number) => number;

/** Each message takes a little longer or shorter; TCP keeps the order. */
export function wavering(oneWayMs: number, jitterMs: number, seed = 1): Road {
  const dice = seededDice(seed);
  return () => oneWayMs + (dice() * 2 - 1) * jitterMs;
}

/** As on a busy wireless network: now and then something has to be sent again. */
export function spiky(oneWayMs: number, spikeMs: number, share: number, seed = 1): Road {
  const dice = seededDice(seed);
  return () => oneWayMs + dice() * 5 + (dice() < share ? dice() * spikeMs : 0);
}

/** Nothing passes for a while, again and again; then all of it comes at once. */
export function stalling(oneWayMs: number, stallMs: number, everyMs: number): Road {
  return (nowMs) => {
    const intoPeriod = nowMs % everyMs;
    return oneWayMs + (intoPeriod < stallMs ? stallMs - intoPeriod : 0);
  };
}
