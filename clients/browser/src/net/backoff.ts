/**
 * How long to wait before trying again: exponential with full jitter, so that a thousand clients of
 * a server that restarts do not come back in one instant (Amazon's "Exponential Backoff And
 * Jitter", the "full jitter" variant).
 */

export const BACKOFF_BASE_MS = 100;
export const BACKOFF_CAP_MS = 5_000;

/**
 * The wait before try number `attempt` (1 is the first retry). `random` gives numbers in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  // 2 ** 30 is beyond the cap, and still exact.
  const doublings = Math.min(Math.max(attempt, 1) - 1, 30);
  return Math.floor(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** doublings)) + 1;
}
