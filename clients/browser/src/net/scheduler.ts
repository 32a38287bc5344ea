/**
 * Time and randomness for a connection; tests pass in their own, so no test waits for a clock.
 */

export interface Scheduler {
  nowMs(): number;
  random(): number; // in [0, 1)
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The browser's own clock, dice and timers. */
export const browserScheduler: Scheduler = {
  nowMs: () => performance.now(),
  random: () => Math.random(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
