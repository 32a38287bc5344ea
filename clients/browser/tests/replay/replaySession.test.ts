import { beforeEach, describe, expect, it } from "vitest";
import { CloseCode } from "../../src/wire/generated";
import { ReplayController } from "../../src/replay/replayController";
import { FakeNetwork, FakeScheduler } from "../fakes";
import { HALL } from "../rules/grounds";
import { FakeReplay } from "./fakeReplay";

const SCREEN = { width: 800, height: 600 };

let scheduler: FakeScheduler;
let network: FakeNetwork;
let server: FakeReplay;
let controller: ReplayController;
let ended: [string, string][];

beforeEach(async () => {
  scheduler = new FakeScheduler();
  network = new FakeNetwork();
  server = new FakeReplay(network);
  ended = [];
  controller = new ReplayController(
    { openSocket: network.open, scheduler, loadArena: () => Promise.resolve(HALL) },
    { changed: () => undefined, ended: (words, way) => ended.push([words, way]) },
  );
  controller.open("replay/abc-r0000");
  server.accept();
  await Promise.resolve(); // the map
  await Promise.resolve();
});

/** Frames for so long, with a snapshot for every second of them. */
function watch(ms: number): void {
  for (let passed = 0; passed < ms; passed += 16) {
    scheduler.advance(16);
    if (passed % 32 === 0) server.next();
    controller.frame(scheduler.nowMs());
  }
}

describe("a replay", () => {
  it("is asked for by its path and shown once its map is here", () => {
    expect(network.last.path).toBe("replay/abc-r0000");
    expect(server.asked[0]).toMatchObject({ type: "open_replay" });
    const frame = controller.frame(16);
    expect(frame?.players.map(({ name }) => name)).toEqual(["Ada", "Basil"]);
    expect(frame?.self).toBeNull();
    const expected = { tick: 0, lastTick: 6_000, percent: 100, following: "Ada" };
    expect(controller.state).toMatchObject(expected);
  });

  it("goes on with time", () => {
    watch(2_000);
    expect(controller.state?.tick).toBeGreaterThan(100);
    expect(controller.state?.tick).toBeLessThan(130);
  });

  it("is paused, and goes on at the speed it had", () => {
    controller.setSpeed(200);
    controller.wish({ kind: "toggle" }, SCREEN);
    expect(server.last("speed")).toMatchObject({ percent: 0 });
    controller.wish({ kind: "toggle" }, SCREEN);
    expect(server.last("speed")).toMatchObject({ percent: 200 });
    controller.wish({ kind: "speed", step: 1 }, SCREEN);
    expect(server.last("speed")).toMatchObject({ percent: 400 });
  });

  it("is sought within the available range, and nothing of the previous position is drawn there", () => {
    watch(500);
    controller.wish({ kind: "skip", ticks: 300 }, SCREEN);
    expect(server.last("seek")).toMatchObject({ type: "seek" });
    controller.seek(99_999);
    expect(server.last("seek")).toMatchObject({ tick: 6_000 });
    server.full(3_000);
    const frame = controller.frame(scheduler.nowMs());
    expect(frame?.tick).toBe(3_000);
    expect(frame?.players[0]?.x).toBe(5_000);
    expect(frame?.events).toEqual([]);
  });

  it("leads to the next kill", () => {
    server.say({ type: "marks", kills: [{ tick: 1_200, victim: 1, killer: 0 }] });
    controller.wish({ kind: "kill", step: 1 }, SCREEN);
    expect(server.last("seek")).toMatchObject({ tick: 1_020 });
  });

  it("follows another player, everybody, or looks where it is dragged", () => {
    controller.wish({ kind: "follow", step: 1 }, SCREEN);
    expect(controller.state?.following).toBe("Basil");
    controller.drag(10, 10, SCREEN);
    expect(controller.state?.isFree).toBe(true);
    const frame = controller.frame(16);
    expect(frame?.follow).toBe(-1);
    expect(frame?.camera).not.toBeNull();
    controller.wish({ kind: "follow", step: 1 }, SCREEN);
    expect(controller.state?.isFree).toBe(false);
  });

  it("returns to its position and speed after a lost connection", async () => {
    server.full(3_000);
    controller.setSpeed(50);
    controller.frame(16);
    network.last.handlers.closed(1006, "");
    scheduler.advance(10_000);
    server.accept();
    await Promise.resolve();
    expect(server.last("seek")).toMatchObject({ tick: 3_000 });
    expect(server.last("speed")).toMatchObject({ percent: 50 });
  });

  it("says that it is alive while nothing moves", () => {
    controller.wish({ kind: "toggle" }, SCREEN);
    scheduler.advance(5_000);
    const pings = server.asked.filter(({ type }) => type === "ping");
    expect(pings.length).toBeGreaterThan(2);
  });

  it("does not return when it was idle for too long, and says what to do", () => {
    server.say({ type: "refused", code: 9, text: "this replay was idle: open it again" });
    network.last.handlers.closed(CloseCode.IDLE, "");
    expect(ended).toEqual([["This replay was idle: open it again.", "again"]]);
    expect(controller.isOpen).toBe(false);
  });

  it("offers to open it again when its place went to another address", () => {
    server.say({ type: "refused", code: 11, text: "somebody else wanted one: open it again" });
    network.last.handlers.closed(CloseCode.FULL, "");
    expect(ended).toEqual([["Somebody else wanted one: open it again.", "again"]]);
  });

  it("ends with the server's words, or without any when it is closed here", () => {
    server.say({ type: "refused", code: 6, text: "this replay ends here" });
    network.last.handlers.closed(CloseCode.FAULT, "");
    expect(ended).toEqual([["This replay ends here.", "play"]]);
    controller.open("replay/other");
    controller.wish({ kind: "close" }, SCREEN);
    expect(ended).toEqual([["This replay ends here.", "play"], ["", "play"]]);
    expect(controller.isOpen).toBe(false);
    expect(scheduler.timerCount).toBe(0);
  });
});

describe("a running match", () => {
  it("tells whether its newest is on the screen, and leads back to it", async () => {
    controller.open("replay/live/abc");
    server.accept({ tick: 5_990, live: 1 });
    await Promise.resolve();
    await Promise.resolve();
    expect(controller.state).toMatchObject({ isLive: true, isAtEdge: true });
    controller.setSpeed(800);
    controller.seek(100);
    server.full(100);
    expect(controller.state?.isAtEdge).toBe(false);
    controller.goLive();
    expect(server.last("seek")).toMatchObject({ tick: 6_000 });
    expect(server.last("speed")).toMatchObject({ percent: 100 });
  });
});
