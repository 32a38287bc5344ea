/**
 * A running quantile: the value that a varying number seldom exceeds, learned sample by sample.
 *
 * Owns: one estimate. Must not know: of what. Invariant: 0 ≤ `value` ≤ its limit, and one sample
 * moves it by at most `QUANTILE_STEP`: a single hiccup, however long, is soon forgotten.
 */
import { QUANTILE_STEP } from "./tuning";

export class Quantile {
  private estimate = 0;

  /** A share `share` of all samples is not above the value. */
  constructor(
    private readonly share: number,
    private readonly limit: number,
  ) {}

  add(sample: number): void {
    const wanted = sample > this.estimate ? this.share : this.share - 1;
    this.estimate = Math.max(0, Math.min(this.limit, this.estimate + QUANTILE_STEP * wanted));
  }

  get value(): number {
    return this.estimate;
  }
}
