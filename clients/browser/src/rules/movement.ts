/**
 * How one player moves in one tick: game/movement.py, line by line, so that prediction is exact.
 *
 * Owns: running, dashing, sliding along walls. Must not know: other players, weapons, the network.
 * Invariant: equal to the Python bit for bit; golden vectors decide. Every negative zero is avoided
 * by subtracting from zero.
 */
import { Button, TILE_SHIFT, TILE_UNITS, TUNING } from "../wire/generated";
import { floorDivide, integerSquareRoot } from "./integers";
import { cosine, ONE, sine } from "./trig";

/** The part of a player that `move` reads and writes; the same fields as in game/world.py. */
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

/** The part of an arena that `move` reads. */
export interface Ground {
  width: number;
  walls: Uint8Array;
  openCells: Uint8Array;
}

// By buttons & 15 (up 1, down 2, left 4, right 8): the direction of each axis. Opposite keys
// cancel.
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
    // A centre in an open cell touches nothing, and less than a tile of movement crosses no wall.
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

/** The velocity after the keys acted on the one before. */
function run(player: Body): [number, number] {
  let { vx, vy } = player;
  if (player.dashVx !== 0 || player.dashVy !== 0) {
    // The dash has just ended: continue at run speed.
    player.dashVx = 0;
    player.dashVy = 0;
    vx = shrink(vx, TUNING.runSpeed, TUNING.dashSpeed);
    vy = shrink(vy, TUNING.runSpeed, TUNING.dashSpeed);
  }
  let wishX = (WISH_X[player.buttons & 15] ?? 0) * TUNING.runSpeed;
  let wishY = (WISH_Y[player.buttons & 15] ?? 0) * TUNING.runSpeed;
  if (wishX !== 0 && wishY !== 0) {
    wishX = floorDivide(wishX * DIAGONAL + ONE / 2, ONE);
    wishY = floorDivide(wishY * DIAGONAL + ONE / 2, ONE);
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
  const product = value * numerator;
  return product >= 0 ? floorDivide(product, divisor) : 0 - floorDivide(-product, divisor);
}

/** One axis: keys accelerate, and only friction slows what is faster than the keys ask for. */
function approach(speed: number, wish: number): number {
  if (speed < wish) {
    const faster = speed + (wish > 0 ? TUNING.runAcceleration : TUNING.runFriction);
    return faster > wish ? wish : faster;
  }
  const slower = speed - (wish < 0 ? TUNING.runAcceleration : TUNING.runFriction);
  return slower < wish ? wish : slower;
}

/** Start a dash along the keys, or along the aim when no key is down. */
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
  player.dashVx = floorDivide(along * TUNING.dashSpeed + ONE / 2, ONE);
  player.dashVy = floorDivide(across * TUNING.dashSpeed + ONE / 2, ONE);
  player.dashUntilTick = tick + TUNING.dashTicks;
  player.dashReadyTick = tick + TUNING.dashCooldownTicks;
}

/**
 * Near walls: move in short steps, each pushed out of what it touches. Returns the remaining
 * velocity.
 */
function slide(player: Body, ground: Ground, vx: number, vy: number): [number, number] {
  const { width, walls } = ground;
  const radius = TUNING.playerRadiusUnits;
  let { x, y } = player;
  let wayX = vx;
  let wayY = vy;
  const fastest = Math.max(vx, -vx, vy, -vy);
  for (let left = floorDivide(fastest + STEP_UNITS_MAX - 1, STEP_UNITS_MAX); left > 0; left -= 1) {
    const stepX = floorDivide(wayX, left);
    const stepY = floorDivide(wayY, left);
    wayX -= stepX;
    wayY -= stepY;
    let nextX = x + stepX;
    let nextY = y + stepY;
    const cell = (nextY >> TILE_SHIFT) * width + (nextX >> TILE_SHIFT);
    if (walls[cell]) {
      vx = vy = 0; // only a player who was never free gets here, and does not move
      break;
    }
    const inX = nextX & (TILE_UNITS - 1);
    const inY = nextY & (TILE_UNITS - 1);
    let sideX = touchedSide(inX, radius);
    let sideY = touchedSide(inY, radius);
    if (sideX !== 0 && walls[cell + sideX]) {
      nextX += (sideX < 0 ? radius : TILE_UNITS - radius) - inX;
      vx = wayX = sideX = 0;
    }
    if (sideY !== 0 && walls[cell + sideY * width]) {
      nextY += (sideY < 0 ? radius : TILE_UNITS - radius) - inY;
      vy = wayY = sideY = 0;
    }
    if (sideX !== 0 && sideY !== 0 && walls[cell + sideX + sideY * width]) {
      const offX = sideX < 0 ? inX : inX - TILE_UNITS; // from the corner to the centre
      const offY = sideY < 0 ? inY : inY - TILE_UNITS;
      if (offX * offX + offY * offY < radius * radius) {
        const [outX, outY] = pushOut(offX, offY, radius);
        nextX += outX - offX;
        nextY += outY - offY;
        [vx, vy] = glide(vx, vy, outX, outY);
      }
    }
    x = nextX;
    y = nextY;
  }
  player.x = x;
  player.y = y;
  return [vx, vy];
}

/**
 * The border of its tile that a circle crosses along one axis: the lower, none, or the upper one.
 */
function touchedSide(inside: number, radius: number): number {
  if (inside < radius) return -1;
  return inside > TILE_UNITS - radius ? 1 : 0;
}

/** Push a point inside a corner's circle straight out; rounding outwards keeps it outside. */
function pushOut(offX: number, offY: number, radius: number): [number, number] {
  const distance = integerSquareRoot(offX * offX + offY * offY);
  if (distance === 0) return [radius, 0];
  const outX = floorDivide(Math.abs(offX) * radius + distance - 1, distance);
  const outY = floorDivide(Math.abs(offY) * radius + distance - 1, distance);
  return [offX >= 0 ? outX : 0 - outX, offY >= 0 ? outY : 0 - outY];
}

/**
 * Turn a velocity that leads into a corner along the tangent there; at least half of the speed is
 * kept.
 */
function glide(vx: number, vy: number, offX: number, offY: number): [number, number] {
  if (vx * offX + vy * offY >= 0) return [vx, vy];
  const length = integerSquareRoot(offX * offX + offY * offY) + 1;
  const kept = floorDivide(integerSquareRoot(vx * vx + vy * vy), 2);
  let along = shrink(vy * offX - vx * offY, 1, length);
  if (-kept < along && along < kept) along = along < 0 ? 0 - kept : kept;
  return [shrink(-offY, along, length), shrink(offX, along, length)];
}
