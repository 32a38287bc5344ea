/**
 * How one player moves in one tick: game/movement.py, line by line, so that prediction is exact.
 *
 * Owns: running, dashing, sliding along walls. Must not know: other players, weapons, the network. Invariant: equal
 * to the Python bit for bit, golden vectors decide. Every negative zero is avoided by subtracting from zero.
 */
import { Button, TILE_SHIFT, TILE_UNITS, TUNING } from "../wire/generated";
import { floorDivide, integerSquareRoot } from "./integers";
import { cosine, ONE, ONE_SHIFT, sine } from "./trig";

/** What `move` reads and writes of a player; the same fields as in game/world.py. */
export interface Body {
  x: number;
  y: number;
  vx: number;
  vy: number;
  dashVx: number;
  dashVy: number;
  dashUntilTick: number;
  dashReadyTick: number;
  buttons: number;
  aim: number;
}

/** What `move` needs of an arena. */
export interface Ground {
  width: number;
  walls: Uint8Array;
  openCells: Uint8Array;
}

// By buttons & 15 (up 1, down 2, left 4, right 8): which way each axis is pushed. Opposite keys cancel.
const WISH_X = [0, 0, 0, 0, -1, -1, -1, -1, 1, 1, 1, 1, 0, 0, 0, 0];
const WISH_Y = [0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0];
const DIAGONAL = 11_585; // √½ in 1/16,384
const STEP_UNITS_MAX = 150; // a step this short cannot take a centre into a wall tile

/** Advance one living player by one tick. */
export function move(player: Body, ground: Ground, tick: number): void {
  const buttons = player.buttons;
  if (buttons & Button.DASH && tick >= player.dashReadyTick) startDash(player, tick);
  let vx: number;
  let vy: number;
  if (tick < player.dashUntilTick) {
    vx = player.dashVx;
    vy = player.dashVy;
  } else {
    [vx, vy] = run(player);
  }
  if (vx !== 0 || vy !== 0) {
    if (vx * vx + vy * vy > TUNING.speedMax * TUNING.speedMax) {
      [vx, vy] = limit(vx, vy, TUNING.speedMax);
    }
    const x = player.x + vx;
    const y = player.y + vy;
    // A centre in an open cell touches nothing, and less than a tile of way leads through no wall.
    if (ground.openCells[(y >> TILE_SHIFT) * ground.width + (x >> TILE_SHIFT)]) {
      player.x = x;
      player.y = y;
    } else {
      [vx, vy] = slide(player, ground, vx, vy);
    }
  }
  player.vx = vx;
  player.vy = vy;
}

/** The velocity that the keys make of the one before. */
function run(player: Body): [number, number] {
  let { vx, vy } = player;
  if (player.dashVx !== 0 || player.dashVy !== 0) {
    // The dash has just ended: on at run speed.
    player.dashVx = 0;
    player.dashVy = 0;
    vx = floorDivide(vx * TUNING.runSpeed, TUNING.dashSpeed);
    vy = floorDivide(vy * TUNING.runSpeed, TUNING.dashSpeed);
  }
  let wishX = (WISH_X[player.buttons & 15] ?? 0) * TUNING.runSpeed;
  let wishY = (WISH_Y[player.buttons & 15] ?? 0) * TUNING.runSpeed;
  if (wishX !== 0 && wishY !== 0) {
    wishX = floorDivide(wishX * DIAGONAL, ONE);
    wishY = floorDivide(wishY * DIAGONAL, ONE);
  }
  if (vx !== wishX) vx = approach(vx, wishX);
  if (vy !== wishY) vy = approach(vy, wishY);
  return [vx, vy];
}

/** The same direction, at most `speedMax` long. */
export function limit(vx: number, vy: number, speedMax: number): [number, number] {
  const length = integerSquareRoot(vx * vx + vy * vy);
  if (length < speedMax) return [vx, vy];
  return [shrink(vx, speedMax, length + 1), shrink(vy, speedMax, length + 1)];
}

/** `value * numerator / divisor`, rounded towards zero. */
function shrink(value: number, numerator: number, divisor: number): number {
  if (value < 0) return 0 - floorDivide(-value * numerator, divisor);
  return floorDivide(value * numerator, divisor);
}

/** One axis: keys accelerate, friction alone takes away what is faster than the keys ask for. */
function approach(speed: number, wish: number): number {
  if (speed < wish) {
    const faster = speed + (wish > 0 ? TUNING.runAcceleration : TUNING.runFriction);
    return faster > wish ? wish : faster;
  }
  const slower = speed - (wish < 0 ? TUNING.runAcceleration : TUNING.runFriction);
  return slower < wish ? wish : slower;
}

/** Along the keys, or along the aim when no key is down. */
function startDash(player: Body, tick: number): void {
  const keyX = WISH_X[player.buttons & 15] ?? 0;
  const keyY = WISH_Y[player.buttons & 15] ?? 0;
  let along = cosine(player.aim);
  let across = sine(player.aim);
  if (keyX !== 0 || keyY !== 0) {
    const length = keyX !== 0 && keyY !== 0 ? DIAGONAL : ONE;
    along = keyX * length;
    across = keyY * length;
  }
  player.dashVx = (along * TUNING.dashSpeed) >> ONE_SHIFT;
  player.dashVy = (across * TUNING.dashSpeed) >> ONE_SHIFT;
  player.dashUntilTick = tick + TUNING.dashTicks;
  player.dashReadyTick = tick + TUNING.dashCooldownTicks;
}

/** Near walls: go in short steps, and be pushed out of what each step touches. Returns the speed that is left. */
function slide(player: Body, ground: Ground, vx: number, vy: number): [number, number] {
  const { width, walls } = ground;
  const radius = TUNING.playerRadiusUnits;
  let { x, y } = player;
  const fastest = Math.max(vx, -vx, vy, -vy);
  const steps = floorDivide(fastest + STEP_UNITS_MAX - 1, STEP_UNITS_MAX);
  let wayX = vx;
  let wayY = vy;
  for (let stepsLeft = steps; stepsLeft > 0; stepsLeft -= 1) {
    const stepX = floorDivide(wayX, stepsLeft);
    const stepY = floorDivide(wayY, stepsLeft);
    wayX -= stepX;
    wayY -= stepY;
    x += stepX;
    y += stepY;
    const cell = (y >> TILE_SHIFT) * width + (x >> TILE_SHIFT);
    if (walls[cell]) return [0, 0]; // only a player who was never free gets here: he stays where he is
    const insideX = x & (TILE_UNITS - 1);
    const insideY = y & (TILE_UNITS - 1);
    let sideX = insideX < radius ? -1 : insideX > TILE_UNITS - radius ? 1 : 0;
    let sideY = insideY < radius ? -1 : insideY > TILE_UNITS - radius ? 1 : 0;
    if (sideX !== 0 && walls[cell + sideX]) {
      x += (sideX < 0 ? radius : TILE_UNITS - radius) - insideX;
      vx = wayX = sideX = 0;
    }
    if (sideY !== 0 && walls[cell + sideY * width]) {
      y += (sideY < 0 ? radius : TILE_UNITS - radius) - insideY;
      vy = wayY = sideY = 0;
    }
    if (sideX !== 0 && sideY !== 0 && walls[cell + sideX + sideY * width]) {
      const offX = sideX < 0 ? insideX : insideX - TILE_UNITS; // from the corner to the centre
      const offY = sideY < 0 ? insideY : insideY - TILE_UNITS;
      if (offX * offX + offY * offY < radius * radius) {
        const [pushX, pushY] = pushOut(offX, offY, radius);
        x += pushX - offX;
        y += pushY - offY;
        [vx, vy] = deflect(vx, vy, pushX, pushY);
      }
    }
  }
  player.x = x;
  player.y = y;
  return [vx, vy];
}

/** From inside a corner's circle straight outwards, rounded outwards. */
function pushOut(offX: number, offY: number, radius: number): [number, number] {
  const distance = integerSquareRoot(offX * offX + offY * offY);
  if (distance === 0) return [radius, 0];
  const pushX = floorDivide(Math.abs(offX) * radius + distance - 1, distance);
  const pushY = floorDivide(Math.abs(offY) * radius + distance - 1, distance);
  return [offX >= 0 ? pushX : 0 - pushX, offY >= 0 ? pushY : 0 - pushY];
}

/** Take away the part of a velocity that leads into the corner. */
function deflect(vx: number, vy: number, offX: number, offY: number): [number, number] {
  const inwards = vx * offX + vy * offY;
  if (inwards >= 0) return [vx, vy];
  const squared = offX * offX + offY * offY;
  const alongX = vx * squared - inwards * offX;
  const alongY = vy * squared - inwards * offY;
  return [shrink(alongX, 1, squared), shrink(alongY, 1, squared)];
}
