/**
 * Looks into a line that does not come up, and remembers what is wrong while it does not.
 *
 * Owns: when to look, and the last answer. Must not know: how one looks, or what it is called.
 * Invariants: at most one look at a time and one in `LOOK_EVERY_MS`; an answer that came too late
 * for its line counts for nothing.
 */
import type { LinkState } from "../model";
import type { Probe } from "./probe";
import type { Scheduler } from "./scheduler";
import { troubleOf, type Trouble } from "./trouble";

const FIRST_ATTEMPT = 4; // a server's process that is replaced is back before
const LOOK_EVERY_MS = 15_000; // more would be a burden where the server is full

export class Inquiry {
  trouble: Trouble | null = null;
  private path = "";
  private isLooking = false;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private lines = 0; // counts lines: an answer belongs to one

  constructor(
    private readonly probe: Probe,
    private readonly scheduler: Scheduler,
    private readonly page: () => URL,
    private readonly changed: () => void,
  ) {}

  /** How the line to `path` stands now. */
  observe(path: string, link: LinkState): void {
    if (path !== this.path) this.lookedAtMs = Number.NEGATIVE_INFINITY;
    if (path !== this.path || link.kind === "online" || link.kind === "ended") this.forget();
    this.path = path;
    if (link.kind !== "retrying" || link.attempt < FIRST_ATTEMPT || this.isLooking) return;
    const nowMs = this.scheduler.nowMs();
    if (nowMs - this.lookedAtMs < LOOK_EVERY_MS) return;
    this.lookedAtMs = nowMs;
    void this.look();
  }

  /** The line is up, or wanted no more. */
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
