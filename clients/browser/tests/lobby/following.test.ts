/** A person without a player to steer is offered touch buttons that choose whom to watch. */
import { beforeEach, expect, it } from "vitest";

import type { App } from "../../src/app";
import { encodeMessage } from "../../src/wire/codec";
import { BODY_FIELDS, MATCH_SERVER, NEVER_TICK, OWN_FIELDS, Status } from "../../src/wire/generated";
import { Page } from "./page";
import type { FakeSocket } from "../fakes";

const STATUS_MASK = 1 << BODY_FIELDS.indexOf("status");
const RESPAWN_MASK = 1 << OWN_FIELDS.indexOf("respawnTick");

let page: Page;
let app: App;
let socket: FakeSocket;

beforeEach(async () => {
  page = new Page();
  app = page.start();
  page.welcome();
  socket = await page.seated();
});

function snapshot(tick: number, status: number, respawnTick: number): void {
  const state = [[0, 1, status, 1, 1, Status.ALIVE]];
  const sight = [[0, STATUS_MASK, status, 1, STATUS_MASK, Status.ALIVE]];
  const full = { type: "full_snapshot", tick, margin: 0, own: [RESPAWN_MASK, respawnTick], state, sight };
  socket.handlers.message(encodeMessage(MATCH_SERVER, full));
  app.frame(page.scheduler.nowMs());
}

it("is not offered to players who play, or will respawn", () => {
  snapshot(11, Status.ALIVE, 0);
  expect(page.isFollowingOffered).toBe(false);
  snapshot(13, 0, 60);
  expect(page.isFollowingOffered).toBe(false);
});

it("is offered to eliminated players, until the next round", () => {
  snapshot(11, 0, NEVER_TICK);
  expect(page.isFollowingOffered).toBe(true);
  app.follow(-1);
  snapshot(13, Status.ALIVE, 0);
  expect(page.isFollowingOffered).toBe(false);
});
