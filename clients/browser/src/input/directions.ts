/** From a stick's deflection to the eight ways a player can run. */
import { Button } from "../wire/generated";

/**
 * The sine of an eighth of a right angle's half: what separates "up" from "up and right" evenly.
 */
const SECTOR_SINE = Math.sin(Math.PI / 8);

/**
 * The movement buttons for a stick at (x, y), each −1 … 1 with y downwards; none inside the dead
 * zone.
 */
export function buttonsOfStick(x: number, y: number, deadZone: number): number {
  const length = Math.hypot(x, y);
  if (!(length > deadZone)) return 0;
  const across = x / length;
  const along = y / length;
  let buttons = 0;
  if (across > SECTOR_SINE) buttons |= Button.RIGHT;
  if (across < -SECTOR_SINE) buttons |= Button.LEFT;
  if (along > SECTOR_SINE) buttons |= Button.DOWN;
  if (along < -SECTOR_SINE) buttons |= Button.UP;
  return buttons;
}
