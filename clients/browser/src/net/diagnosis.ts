/**
 * Probes a connection that does not come up, and remembers what is wrong while it does not.
 *
 * Owns: when to probe, and the last answer. Must not know: how to probe, or the words for a result.
 * Invariants: at most one probe at a time and one in `LOOK_EVERY_MS`; an answer that comes too late
 * for its connection is ignored.
 */
import type { ConnectionState, Trouble } from "../model";
import type { Probe } from "./probe";
import type { Scheduler } from "./scheduler";
import { troubleOf } from "./trouble";

const FIRST_ATTEMPT = 4; // a replaced server process is back before
const LOOK_EVERY_MS = 15_000; // more often would burden a full server

export class Diagnosis {
  trouble: Trouble | null = null;
  private path = "";
  private isLooking = false;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private lines = 0; // counts connections: an answer belongs to one

  constructor(
    private readonly probe: Probe,
    private readonly scheduler: Scheduler,
    private readonly page: () => URL,
    private readonly changed: () => void,
  ) {}

  /** Take in the state of the connection to `path`, and probe it when that is due. */
  observe(path: string, connection: ConnectionState): void {
    if (path !== this.path) this.lookedAtMs = Number.NEGATIVE_INFINITY;
    const { kind } = connection;
    if (path !== this.path || kind === "online" || kind === "ended") this.forget();
    this.path = path;
    if (connection.kind !== "retrying" || this.isLooking) return;
    if (connection.attempt < FIRST_ATTEMPT) return;
    const nowMs = this.scheduler.nowMs();
    if (nowMs - this.lookedAtMs < LOOK_EVERY_MS) return;
    this.lookedAtMs = nowMs;
    void this.look();
  }

  /** Drop the result: the connection is up, or no longer wanted. */
  forget(): void {
    this.trouble = null;
    this.lines += 1;
  }

  private async look(): Promise<void> {
    const { lines, path } = this;
    this.isLooking = true;
    const findings = await this.probe(path);
    this.isLooking = false;
    if (lines !== this.lines) return;
    this.trouble = troubleOf(findings, this.page());
    this.changed();
  }
}
