/**
 * Other players, as a server moves them: they run, dash, are knocked about, die and come back. Each
 * life is seen by its weapon.
 */
import { move, type Body } from "../../src/rules/movement";
import { EventKind } from "../../src/wire/generated";
import type { View } from "../../src/wire/snapshot";
import { seededDice } from "../fakes";
import { HALL } from "../rules/grounds";
import { viewOf, type Stand } from "./views";

const SPAWNS = [
  [2_000, 2_000],
  [17_000, 2_000],
  [2_000, 7_500],
  [17_000, 7_500],
] as const;

interface Walker extends Body {
  alive: boolean;
  respawnTick: number;
  life: number;
}

/** Where somebody stood. */
export interface Footprint {
  x: number;
  y: number;
}

export class Crowd {
  tick = 100;
  readonly footprints: Footprint[][] = []; // by slot, one a tick
  private readonly dice;
  private readonly walkers: Walker[] = [];
  private respawned: number[] = [];

  constructor(count: number, seed: number) {
    this.dice = seededDice(seed);
    for (let slot = 0; slot < count; slot += 1) {
      this.walkers.push({ ...this.freshBody(slot), alive: true, respawnTick: 0, life: 0 });
      this.footprints.push([]);
    }
  }

  step(): void {
    this.tick += 1;
    for (const [slot, walker] of this.walkers.entries()) {
      this.live(walker, slot);
      const { x, y } = walker;
      this.footprints[slot]?.push({ x, y });
    }
  }

  /** What a snapshot says now. */
  view(): View {
    const stands: Record<number, Stand> = {};
    for (const [slot, walker] of this.walkers.entries()) {
      stands[slot] = { ...walker, weapon: walker.life % 4 };
    }
    const view = viewOf(this.tick, stands);
    view.events = this.respawned.map((slot) => [EventKind.SPAWN, slot, 0, 0]);
    this.respawned = [];
    return view;
  }

  private live(walker: Walker, slot: number): void {
    if (!walker.alive) {
      if (this.tick < walker.respawnTick) return;
      Object.assign(walker, this.freshBody(Math.floor(this.dice() * 4)), { alive: true });
      walker.life += 1;
      this.respawned.push(slot);
    }
    if (this.dice() < 0.1) walker.buttons = Math.floor(this.dice() * 16);
    walker.buttons = (walker.buttons & 15) | (this.dice() < 0.01 ? 32 : 0);
    if (this.dice() < 0.005) walker.vx = Math.floor((this.dice() - 0.5) * 1_000);
    move(walker, HALL, this.tick);
    if (this.dice() >= 0.004) return;
    walker.alive = false;
    walker.respawnTick = this.tick + (this.dice() < 0.5 ? 1 : 30); // at once, or after a while
    walker.vx = walker.vy = walker.dashVx = walker.dashVy = walker.dashUntilTick = 0;
  }

  private freshBody(spawn: number): Body {
    const [x, y] = SPAWNS[spawn % SPAWNS.length] ?? [2_000, 2_000];
    const rest = { vx: 0, vy: 0, dashVx: 0, dashVy: 0, dashUntilTick: 0, dashReadyTick: 0 };
    return { x, y, ...rest, buttons: 0, aim: 0 };
  }
}
