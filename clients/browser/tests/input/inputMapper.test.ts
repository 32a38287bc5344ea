/** From keys, sticks and fingers to the input of a tick. */
import { beforeEach, describe, expect, it } from "vitest";

import { defaultBindings } from "../../src/input/controls";
import { buttonsOfStick } from "../../src/input/directions";
import { InputMapper, type AimContext } from "../../src/input/inputMapper";
import type { PadReading } from "../../src/input/gamepad";
import { Button } from "../../src/wire/generated";

let hands: InputMapper;
let tick: number;

beforeEach(() => {
  hands = new InputMapper(defaultBindings);
  hands.touch.layout(844, 390);
  tick = 100;
});

function sample(part: Partial<AimContext> = {}): { buttons: number; aim: number } {
  tick += 1;
  const ammo = [-1, 6, 0, 5, 6];
  return hands.sample({ tick, weapon: 0, confirmedWeapon: 0, ammo, mouse: null, ...part });
}

const select = (weapon: number): number => (weapon + 1) << Button.SELECT_SHIFT;

function pad(part: Partial<{ axes: number[]; down: number[] }>): PadReading {
  const buttons = Array.from({ length: 17 }, (_, index) => {
    const pressed = part.down?.includes(index) === true;
    return { pressed, value: pressed ? 1 : 0 };
  });
  return { axes: part.axes ?? [0, 0, 0, 0], buttons };
}

describe("keys and mouse", () => {
  it("move, fire and dash while they are held", () => {
    for (const key of ["KeyW", "KeyD", "Mouse0", "Space"]) hands.held.press(key);
    expect(sample().buttons).toBe(Button.UP | Button.RIGHT | Button.FIRE | Button.DASH);
    hands.held.release("KeyW");
    hands.held.release("Mouse0");
    sample();
    expect(sample().buttons).toBe(Button.RIGHT | Button.DASH);
  });

  it("count a tap that is shorter than a tick, once", () => {
    hands.held.press("Space");
    hands.held.release("Space");
    expect(sample().buttons).toBe(Button.DASH);
    expect(sample().buttons).toBe(0);
  });

  it("aim from the player to the mouse, and keep the aim where there is none", () => {
    expect(sample({ mouse: { dx: 0, dy: 10 } }).aim).toBe(16_384);
    expect(sample({ mouse: null }).aim).toBe(16_384);
    expect(sample({ mouse: { dx: 0, dy: 0 } }).aim).toBe(16_384);
  });

  it("let go of everything when the page loses the keyboard", () => {
    hands.held.press("KeyW");
    hands.rest();
    expect(sample().buttons).toBe(0);
  });

  it("rest while a menu is open, and nothing pressed meanwhile happens later", () => {
    hands.areFree = false;
    hands.held.press("Mouse0");
    hands.held.press("Digit4");
    expect(sample().buttons).toBe(0);
    hands.areFree = true;
    expect(sample().buttons).toBe(0);
  });
});

describe("choosing a weapon", () => {
  it("is requested until the server grants it", () => {
    hands.held.press("Digit4");
    expect(sample().buttons).toBe(select(3));
    expect(sample().buttons).toBe(select(3));
    expect(sample({ confirmedWeapon: 3 }).buttons).toBe(0);
    expect(sample().buttons).toBe(0);
  });

  it("is not requested forever", () => {
    hands.held.press("Digit3"); // no ammunition: the server will not grant it
    expect(sample().buttons).toBe(select(2));
    for (let count = 0; count < 60; count += 1) sample();
    expect(sample().buttons).toBe(0);
  });

  it("cycles by the wheel through weapons with ammunition", () => {
    hands.held.tap("WheelDown");
    expect(sample().buttons).toBe(select(1));
    hands.held.tap("WheelDown");
    expect(sample().buttons).toBe(select(3)); // the launcher is empty
    hands.held.tap("WheelUp");
    hands.held.tap("WheelUp");
    expect(sample({ confirmedWeapon: 3 }).buttons).toBe(select(0));
  });
});

describe("a gamepad", () => {
  it("moves, aims, fires and dashes", () => {
    hands.readPad(pad({ axes: [0.7, -0.7, 0, 1], down: [7, 6] }));
    expect(sample()).toEqual({
      buttons: Button.UP | Button.RIGHT | Button.FIRE | Button.DASH,
      aim: 16_384,
    });
  });

  it("reports nothing when untouched", () => {
    hands.readPad(pad({ axes: [0.1, -0.2, 0.1, 0.1] }));
    expect(sample({ mouse: { dx: -1, dy: 0 } })).toEqual({ buttons: 0, aim: 32_768 });
    hands.readPad(null);
    expect(sample().buttons).toBe(0);
  });

  it("presses a button once, however long it is held", () => {
    for (let count = 0; count < 5; count += 1) hands.readPad(pad({ down: [9] }));
    expect(hands.takePresses("menu")).toBe(1);
    expect(hands.takePresses("menu")).toBe(0);
  });
});

describe("sticks", () => {
  it("have eight even ways, and none in the dead zone", () => {
    const ways = new Map<number, number>();
    for (let degree = 0; degree < 360; degree += 1) {
      const angle = ((degree + 0.25) * Math.PI) / 180; // never on a border
      const buttons = buttonsOfStick(Math.cos(angle), Math.sin(angle), 0.2);
      ways.set(buttons, (ways.get(buttons) ?? 0) + 1);
    }
    expect([...ways.values()]).toEqual(new Array(8).fill(45));
    expect(buttonsOfStick(0.1, 0.1, 0.2)).toBe(0);
    expect(buttonsOfStick(Number.NaN, 0, 0.2)).toBe(0);
  });
});

describe("fingers", () => {
  it("move with the left and aim with the right, and fire when pushed out", () => {
    hands.touch.down(1, 100, 300);
    hands.touch.moveTo(1, 100, 200);
    hands.touch.down(2, 700, 150);
    hands.touch.moveTo(2, 720, 150);
    hands.device = "touch";
    expect(sample()).toEqual({ buttons: Button.UP, aim: 0 });
    hands.touch.moveTo(2, 800, 150);
    expect(sample().buttons).toBe(Button.UP | Button.FIRE);
    hands.touch.up(2);
    hands.touch.up(1);
    expect(sample().buttons).toBe(0);
  });

  it("keep the knob within the stick", () => {
    hands.touch.down(1, 100, 300);
    hands.touch.moveTo(1, 400, -300);
    const { baseX, baseY, knobX, knobY, radius } = hands.touch.state.move;
    expect(Math.hypot(knobX - baseX, knobY - baseY)).toBeCloseTo(radius, 6);
  });

  it("press the buttons under them, and one thing at a time", () => {
    const dash = hands.touch.state.buttons.find((one) => one.control === "dash");
    hands.touch.down(1, dash?.x ?? 0, dash?.y ?? 0);
    expect(sample().buttons).toBe(Button.DASH);
    hands.touch.down(1, 100, 300); // the same finger cannot be in two places
    expect(hands.touch.state.move.active).toBe(false);
    hands.touch.up(1);
    expect(sample().buttons).toBe(0);
  });

  it("choose a weapon by its button", () => {
    const rail = hands.touch.state.buttons.find((one) => one.control === "weapon4");
    hands.touch.down(3, rail?.x ?? 0, rail?.y ?? 0);
    expect(sample().buttons).toBe(select(3));
  });

  it.each([
    [844, 390],
    [390, 844],
    [360, 640],
    [1280, 720],
  ])("have every button on a page of %i × %i, none over another", (width, height) => {
    hands.touch.layout(width, height);
    const { buttons, move, aim } = hands.touch.state;
    const round = [
      ...buttons,
      ...[move, aim].map((one) => ({ ...one, x: one.baseX, y: one.baseY })),
    ];
    round.forEach((one, index) => {
      expect(one.x - one.radius).toBeGreaterThanOrEqual(0);
      expect(one.x + one.radius).toBeLessThanOrEqual(width);
      expect(one.y - one.radius).toBeGreaterThanOrEqual(0);
      expect(one.y + one.radius).toBeLessThanOrEqual(height);
      for (const other of round.slice(index + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(
          one.radius + other.radius,
        );
      }
    });
  });
});
