/** Views for tests, with as little in them as a test needs. */
import { BODY_FIELDS, CARD_FIELDS, Status } from "../../src/wire/generated";
import type { View } from "../../src/wire/snapshot";

export interface Stand {
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  aim8?: number;
  alive?: boolean;
  weapon?: number;
}

export function viewOf(
  tick: number,
  players: Record<number, Stand>,
  shots: Record<number, readonly number[]> = {},
): View {
  return {
    ...{ tick, pads: new Map(), match: [2, 0, -1, 2], own: [], events: [] },
    ...{ teams: new Map(), flags: new Map(), circle: [] },
    cards: new Map(Object.entries(players).map(([slot, stand]) => [Number(slot), card(stand)])),
    bodies: new Map(Object.entries(players).map(([slot, stand]) => [Number(slot), record(stand)])),
    shots: new Map(Object.entries(shots).map(([number, values]) => [Number(number), values])),
  };
}

function card({ alive = true }: Stand): number[] {
  const status = Status.IN_MATCH | (alive ? Status.ALIVE : 0);
  return [status, ...new Array<number>(CARD_FIELDS.length - 1).fill(0)];
}

function record({ x, y, vx = 0, vy = 0, aim8 = 0, alive = true, weapon = 0 }: Stand): number[] {
  const status = (alive ? Status.ALIVE : 0) | (weapon << Status.WEAPON_SHIFT);
  const known = [x, y, vx, vy, aim8, status];
  return [...known, ...new Array<number>(BODY_FIELDS.length - known.length).fill(0)];
}
