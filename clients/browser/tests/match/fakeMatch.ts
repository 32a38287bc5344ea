/**
 * A match server in miniature: one player's inbox, the real movement and trigger rules, full
 * snapshots every second tick, and a road of any length between it and the client. It is driven by
 * a fake clock and never waits.
 */
import { encodeMessage, decodeMessage } from "../../src/wire/codec";
import {
  BODY_FIELDS,
  MATCH_CLIENT,
  MATCH_SERVER,
  Phase,
  Status,
  type MatchClientInputs,
} from "../../src/wire/generated";
import { InputHistory } from "../../src/netcode/inputHistory";
import { move } from "../../src/rules/movement";
import { pullTrigger, type Fighter, type RawEvent } from "../../src/rules/weapons";
import { TICK_MS } from "../../src/netcode/arrival";
import type { FakeNetwork, FakeScheduler, FakeSocket } from "../fakes";
import { HALL } from "../rules/grounds";

export const SLOT = 3;
const START = 5_000;
const AHEAD_TICKS_MAX = 30;

export class FakeMatch {
  tick = START;
  phase: number = Phase.PLAY;
  lateCount = 0;
  earlyCount = 0;
  readonly inputs: MatchClientInputs[] = [];
  readonly fighter: Fighter = freshFighter();
  readonly firedTicks: number[] = [];
  private readonly inbox = new InputHistory();
  private events: RawEvent[] = [];
  private margin = 0;
  private heardTick = -1;
  private startMs: number;

  constructor(
    private readonly scheduler: FakeScheduler,
    private readonly network: FakeNetwork,
    /** How long a message takes, in milliseconds; asked anew for each, in order. */
    private readonly delayMs: () => number,
  ) {
    this.startMs = scheduler.nowMs();
  }

  /** Welcome the client on its newest socket, and hear what it says from now on. */
  accept(round = 1): FakeSocket {
    const socket = this.network.last;
    socket.handlers.opened();
    const say = socket.send.bind(socket);
    let lastMs = 0;
    socket.send = (bytes) => {
      say(bytes);
      lastMs = Math.max(lastMs, this.scheduler.nowMs() + this.delayMs()); // TCP keeps the order
      this.scheduler.after(lastMs - this.scheduler.nowMs(), () => {
        this.hear(bytes);
      });
    };
    const welcome = {
      ...{
        type: "welcome",
        slot: SLOT,
        tick: this.tick,
        match: "m1",
        mode: "deathmatch",
        map: HALL.name,
      },
      ...{
        mapDigest: "0".repeat(16),
        resume: Uint8Array.of(7, round),
        scoreLimit: 25,
        playersMax: 8,
      },
      ...{ voteMaps: [], round },
    };
    this.say(socket, encodeMessage(MATCH_SERVER, welcome));
    return socket;
  }

  /** Time that the page's clock does not count: its machine slept. */
  passUncounted(ms: number): void {
    this.startMs -= ms;
  }

  /** Step to the present, and send what is due on `socket`. */
  run(socket: FakeSocket | null): void {
    const nowTick = START + Math.floor((this.scheduler.nowMs() - this.startMs) / TICK_MS);
    while (this.tick < nowTick) {
      this.step();
      if (this.tick % 2 === 0) {
        if (socket !== null) this.say(socket, this.snapshot());
        this.events = [];
      }
    }
  }

  private lastSaidMs = 0;

  private say(socket: FakeSocket, bytes: Uint8Array): void {
    const nowMs = this.scheduler.nowMs();
    this.lastSaidMs = Math.max(this.lastSaidMs, nowMs + this.delayMs());
    this.scheduler.after(this.lastSaidMs - nowMs, () => {
      if (!socket.isClosedHere) socket.handlers.message(bytes);
    });
  }

  private hear(bytes: Uint8Array): void {
    const message = decodeMessage(MATCH_CLIENT, bytes) as unknown as MatchClientInputs;
    if (message.type !== "inputs") return;
    this.inputs.push(message);
    const { firstTick, steps } = message;
    const lastTick = firstTick + steps.length - 1;
    const isRepeated = firstTick <= this.heardTick && this.heardTick < lastTick;
    const newTick = isRepeated ? this.heardTick + 1 : firstTick;
    this.heardTick = lastTick;
    this.margin = Math.max(-127, Math.min(127, newTick - this.tick - 1));
    steps.slice(newTick - firstTick).forEach((step, index) => {
      const tick = newTick + index;
      if (tick <= this.tick) this.lateCount += 1;
      else if (tick <= this.tick + AHEAD_TICKS_MAX) this.inbox.put(tick, { ...step });
      else this.earlyCount += 1;
    });
  }

  private step(): void {
    this.tick += 1;
    const { fighter } = this;
    Object.assign(fighter, this.inbox.at(this.tick));
    move(fighter, HALL, this.tick);
    const event = pullTrigger(fighter, HALL, SLOT, this.tick, this.phase);
    if (event === null) return;
    this.events.push(event);
    this.firedTicks.push(this.tick);
  }

  private snapshot(): Uint8Array {
    const { fighter } = this;
    const alive = fighter.alive ? Status.ALIVE : 0;
    const status = alive | (fighter.weapon << Status.WEAPON_SHIFT);
    const known = [fighter.x, fighter.y, fighter.vx, fighter.vy, fighter.aim >> 8, status, 100];
    const body = [...known, ...new Array<number>(BODY_FIELDS.length - known.length).fill(0)];
    const { fireReadyTick, dashReadyTick, dashUntilTick, dashVx, dashVy, ammo } = fighter;
    const { protectedUntilTick, doubleUntilTick, respawnTick } = fighter;
    const own = [fireReadyTick, dashReadyTick, dashUntilTick, dashVx, dashVy, ...ammo.slice(1)];
    own.push(protectedUntilTick, doubleUntilTick, respawnTick);
    const events = this.events.flatMap((event) => [event.length, ...event]);
    const card = [SLOT, 1, alive | Status.IN_MATCH | Status.CONNECTED];
    const state = [card, [1, this.phase]];
    const sight = [[SLOT, 2 ** body.length - 1, ...body], [], events];
    return encodeMessage(MATCH_SERVER, {
      ...{ type: "full_snapshot", tick: this.tick, margin: this.margin, state, sight },
      own: [2 ** own.length - 1, ...own],
    });
  }
}

function freshFighter(): Fighter {
  return {
    ...{
      x: 3_000,
      y: 3_000,
      vx: 0,
      vy: 0,
      dashVx: 0,
      dashVy: 0,
      dashUntilTick: 0,
      dashReadyTick: 0,
    },
    ...{ buttons: 0, aim: 0, alive: true, weapon: 0, ammo: [0, 6, 5, 5, 6] },
    ...{ fireReadyTick: 0, protectedUntilTick: 0, doubleUntilTick: 0, respawnTick: 0 },
  };
}
