/**
 * A page on a machine that is too slow for it: few frames, of very different lengths, and messages
 * that are only heard between two of them. Its clock settles, and its counters agree.
 */
import { describe, expect, it } from "vitest";

import { seededDice } from "../fakes";
import { FakeMatch } from "./fakeMatch";
import { FRAME_MS, MatchHarness, wild } from "./harness";

/** How long the next frame takes. */
type Frames = (dice: () => number) => number;

const TICKS_PER_SECOND = 60;
const MACHINES: [string, Frames][] = [
  ["ten frames a second", () => 100],
  ["ten frames a second, each of another length", (dice) => 60 + dice() * 120],
  ["five frames a second", (dice) => 150 + dice() * 80],
];

class BusyPage {
  readonly harness = new MatchHarness();
  readonly match: FakeMatch;
  private readonly heard: Uint8Array[] = [];
  private readonly hear: (bytes: Uint8Array) => void;
  private readonly dice = seededDice(5);
  private readonly input = wild(3);

  constructor(
    private readonly frames: Frames,
    oneWayMs: number,
  ) {
    const { scheduler, network, session } = this.harness;
    this.match = new FakeMatch(scheduler, network, () => oneWayMs);
    session.connect();
    const { handlers } = this.match.accept();
    this.hear = handlers.message;
    handlers.message = (bytes) => this.heard.push(bytes);
  }

  async play(seconds: number): Promise<void> {
    const { scheduler, session } = this.harness;
    const untilMs = scheduler.nowMs() + seconds * 1_000;
    while (scheduler.nowMs() < untilMs) {
      this.drawFrame();
      for (const bytes of this.heard.splice(0)) {
        this.hear(bytes);
        await Promise.resolve(); // the map
        session.advance(scheduler.nowMs(), this.input);
      }
      session.advance(scheduler.nowMs(), this.input);
      session.frame(scheduler.nowMs());
      const { total, unforced } = session.corrections;
      expect(unforced).toBeLessThanOrEqual(total);
    }
  }

  /** The server goes on meanwhile. */
  private drawFrame(): void {
    const { scheduler, network } = this.harness;
    const frameMs = this.frames(this.dice);
    for (let part = 0; part < frameMs; part += FRAME_MS) {
      scheduler.advance(Math.min(FRAME_MS, frameMs - part));
      this.match.run(network.last);
    }
  }
}

describe.each(MACHINES)("a page with %s", (_, frames) => {
  it.each([
    [2, 15],
    [40, 15],
    [120, 40], // what it learns comes late as well
  ])("at %i ms one way settles within five seconds", async (oneWayMs, most) => {
    const page = new BusyPage(frames, oneWayMs);
    const { session } = page.harness;
    await page.play(5);
    const { total } = session.corrections;
    expect(total).toBeLessThan(most);
    const lateBefore = page.match.lateCount;
    await page.play(30);
    expect(session.corrections.total - total).toBeLessThan(10);
    expect(page.match.lateCount - lateBefore).toBeLessThan(0.015 * 30 * TICKS_PER_SECOND);
    expect(page.match.earlyCount).toBe(0);
    // As early as the first tick of a long frame has to be, and no more.
    const { marginTicks, marginTargetTicks } = session.clock;
    expect(Math.abs((marginTicks ?? 0) - marginTargetTicks)).toBeLessThan(2);
  });
});
