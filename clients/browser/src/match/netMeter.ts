/** The values of the net graph, gathered snapshot by snapshot. Invariant: the history is bounded. */
import type { NetStats } from "../model";
import { TICK_MS } from "../netcode/arrival";
import type { Clock } from "../netcode/clock";

const HISTORY_MAX = 240;
const RATE_WINDOW_MS = 2_000;

export class NetMeter {
  private readonly history: NetStats["history"] = [];
  private readonly arrivalsMs: number[] = [];
  private lastBytes = 0;

  snapshot(
    nowMs: number,
    bytes: number,
    corrected: boolean,
    pingMs: number,
    marginTicks: number,
  ): void {
    this.lastBytes = bytes;
    this.arrivalsMs.push(nowMs);
    while ((this.arrivalsMs[0] ?? nowMs) < nowMs - RATE_WINDOW_MS) this.arrivalsMs.shift();
    this.history.push({ pingMs, marginTicks, snapshotBytes: bytes, corrected });
    if (this.history.length > HISTORY_MAX) this.history.shift();
  }

  stats(nowMs: number, clock: Clock, pingMs: number, corrections: Corrections): NetStats {
    const recent = this.arrivalsMs.filter((atMs) => atMs >= nowMs - RATE_WINDOW_MS).length;
    return {
      pingMs,
      jitterMs: clock.jitterTicks * TICK_MS,
      marginTicks: clock.marginTicks ?? 0,
      snapshotBytes: this.lastBytes,
      snapshotsPerSecond: (recent * 1000) / RATE_WINDOW_MS,
      correctionsTotal: corrections.total,
      correctionsUnforced: corrections.unforced,
      correctionUnits: corrections.lastUnits,
      interpolationTicks: clock.delayTicks,
      history: this.history,
    };
  }
}

export interface Corrections {
  total: number;
  unforced: number;
  lastUnits: number;
}
