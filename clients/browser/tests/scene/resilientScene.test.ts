/** A scene whose graphics go comes back, or the page knows that it does not. */
import { beforeEach, describe, expect, it } from "vitest";

import type { Frame } from "../../src/model";
import { ResilientScene, type GraphicsState, type DisposableScene } from "../../src/scene/resilientScene";
import { FakeScheduler } from "../fakes";

class FakeScene implements DisposableScene {
  drawnCount = 0;
  isDestroyed = false;
  lose: () => void = () => undefined;
  restore: () => void = () => undefined;

  draw(): void {
    this.drawnCount += 1;
  }

  worldAt(): { x: number; y: number } {
    return { x: 1, y: 2 };
  }

  watch(lost: () => void, restored: () => void): void {
    this.lose = lost;
    this.restore = restored;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

const FRAME = {} as Frame;
let scheduler: FakeScheduler;
let made: FakeScene[];
let states: GraphicsState[];
let canMake: boolean;
let hasWebGl: boolean;
let tries: number;
let scene: ResilientScene;

beforeEach(() => {
  scheduler = new FakeScheduler();
  [made, states, tries] = [[], [], 0];
  canMake = hasWebGl = true;
  const make = (): Promise<DisposableScene> => {
    tries += 1;
    if (!canMake) return Promise.reject(new Error("no context"));
    made.push(new FakeScene());
    return Promise.resolve(made.at(-1) as FakeScene);
  };
  scene = new ResilientScene(make, () => hasWebGl, scheduler, (state) => states.push(state));
});

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    scheduler.advance(50);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  }
}

describe("a scene", () => {
  it("that loses its graphics is another one a moment later, and the old one is cleared away", async () => {
    await scene.begin();
    made[0]?.lose();
    expect(scene.worldAt(0, 0)).toBeNull();
    scene.draw(FRAME);
    expect(made[0]?.drawnCount).toBe(0);
    await pass(100);
    expect(states).toEqual(["there", "returning", "there"]);
    expect(made[0]?.isDestroyed).toBe(true);
    scene.draw(FRAME);
    expect(made[1]?.drawnCount).toBe(1);
    expect(scheduler.timerCount).toBe(0);
  });

  it("is there again as soon as the browser says so, and once", async () => {
    await scene.begin();
    canMake = false;
    made[0]?.lose();
    await pass(5_000);
    canMake = true;
    made[0]?.restore();
    made[0]?.restore();
    await pass(50);
    expect(made).toHaveLength(2);
    expect(scene.state).toBe("there");
  });

  it("that is not restored at once is reported, retried, and restored when possible", async () => {
    await scene.begin();
    canMake = false;
    made[0]?.lose();
    await pass(1_000);
    expect(scene.state).toBe("returning");
    await pass(10_000);
    expect(scene.state).toBe("gone");
    expect(tries).toBeLessThan(8);
    canMake = true;
    await pass(5_000);
    expect(scene.state).toBe("there");
  });

  it("may be lost many times", async () => {
    await scene.begin();
    for (let loss = 0; loss < 20; loss += 1) {
      made.at(-1)?.lose();
      made.at(-1)?.lose();
      await pass(200);
    }
    expect(scene.state).toBe("there");
    expect(made.filter(({ isDestroyed }) => !isDestroyed)).toHaveLength(1);
  });

  it.each([
    [false, "missing"],
    [true, "broken"],
  ] as const)("that never was (WebGL: %s) is %s, until it is", async (has, state) => {
    [canMake, hasWebGl] = [false, has];
    await scene.begin();
    expect(scene.state).toBe(state);
    await pass(20_000);
    expect(scene.state).toBe(state);
    expect(tries).toBe(1);
    canMake = true;
    await scene.tryNow();
    expect(scene.state).toBe("there");
  });
});
