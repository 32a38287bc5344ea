/** A server that shows a replay: it says what it is told to, and remembers what was asked. */
import { decodeMessage, encodeMessage } from "../../src/wire/codec";
import { MATCH_CLIENT, BODY_FIELDS, MATCH_SERVER, Status } from "../../src/wire/generated";
import type { FakeNetwork } from "../fakes";
import { HALL } from "../rules/grounds";

export class FakeReplay {
  constructor(private readonly network: FakeNetwork) {}

  /** Answer the newest socket: this round, so long, at this tick. */
  accept(options: { tick?: number; lastTick?: number; live?: number; round?: number } = {}): void {
    const { tick = 0, lastTick = 6_000, live = 0, round = 0 } = options;
    this.network.last.handlers.opened();
    this.say({
      ...{ type: "welcome", slot: -1, tick, match: "abc", mode: "deathmatch", map: HALL.name },
      ...{ mapDigest: "0".repeat(16), resume: new Uint8Array(), scoreLimit: 25, playersMax: 8 },
      ...{ voteMaps: [], round },
    });
    this.say({ type: "timeline", firstTick: 0, lastTick, live, delayS: 0 });
    const row = { bot: 1, connected: 1, pingMs: 0 };
    this.say({
      type: "roster",
      rows: [{ slot: 0, name: "Ada", ...row }, { slot: 1, name: "Basil", ...row }],
    });
    this.full(tick);
  }

  full(tick: number): void {
    const status = Status.ALIVE | Status.CONNECTED | Status.IN_MATCH;
    const state = [[0, 1, status, 1, 1, status]];
    this.say({ type: "full_snapshot", tick, margin: 0, own: [], state, sight: [this.bodies(tick)] });
  }

  /** Two ticks on, with nobody moving. */
  next(): void {
    this.say({ type: "delta_snapshot", ticks: 2, margin: 0, own: [], state: [], sight: [] });
  }

  say(message: { type: string; [field: string]: unknown }): void {
    this.network.last.handlers.message(encodeMessage(MATCH_SERVER, message));
  }

  /** What was asked on the newest socket. */
  get asked(): { type: string }[] {
    return this.network.last.sent.map((bytes) => decodeMessage(MATCH_CLIENT, bytes));
  }

  last(type: string): unknown {
    return this.asked.findLast((message) => message.type === type);
  }

  private bodies(tick: number): number[] {
    const mask = (1 << 0) | (1 << 1) | (1 << BODY_FIELDS.indexOf("status"));
    const x = 2_000 + tick;
    return [0, mask, x, 2_000, Status.ALIVE, 1, mask, 4_000, 3_000, Status.ALIVE];
  }
}
