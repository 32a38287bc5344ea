/**
 * How long to wait before trying again: at once the first time, because a replaced server process
 * has a successor within a tenth of a second; then exponential with full jitter, so that a thousand
 * clients of a restarting server do not return in the same instant
 * (Amazon's "Exponential Backoff And Jitter", the "full jitter" variant).
 */

export const BACKOFF_FIRST_MS = 20; // enough to spread a crowd, too short for a person to notice
export const BACKOFF_BASE_MS = 100;
export const BACKOFF_CAP_MS = 5_000;

/**
 * The wait before try number `attempt` (1 is the first retry). `random` gives numbers in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  if (attempt <= 1) return Math.floor(random() * BACKOFF_FIRST_MS) + 1;
  // 2 ** 30 is beyond the cap, and still exact.
  const doublings = Math.min(attempt - 1, 30);
  return Math.floor(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** doublings)) + 1;
}
