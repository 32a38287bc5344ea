/**
 * The dots of the backdrop: they wander, turn to one another and shoot. Nobody wins, nothing is
 * counted.
 */

export const FIELD_WIDTH = 960;
export const FIELD_HEIGHT = 540;
/** Left, top, width, height. */
export const PILLARS: [number, number, number, number][] = [
  [96, 96, 64, 160], [288, 64, 160, 64], [608, 96, 64, 64], [768, 64, 96, 128],
  [96, 352, 128, 64], [352, 256, 64, 96], [544, 320, 160, 64], [800, 320, 64, 128],
  [320, 448, 96, 64],
];

const FIGHTERS = 14;
const SHOTS_MAX = 40;
const BLASTS_MAX = 24;
const SHOT_SPEED = 520;

interface Fighter {
  x: number;
  y: number;
  heading: number;
  aim: number;
  colour: number;
  waitS: number;
  burst: number;
}

export class BackdropFight {
  readonly fighters: Fighter[];
  shots: { x: number; y: number; vx: number; vy: number; colour: number; lifeS: number }[] = [];
  blasts: { x: number; y: number; age: number }[] = [];

  constructor() {
    this.fighters = Array.from({ length: FIGHTERS }, (_, colour) => ({
      x: 60 + ((colour * 379) % 850),
      y: 40 + ((colour * 211) % 460),
      heading: colour,
      aim: 0,
      colour,
      waitS: Math.random() * 2,
      burst: 0,
    })).filter((fighter) => !inPillar(fighter.x, fighter.y, 16));
  }

  advance(deltaS: number): void {
    for (const fighter of this.fighters) this.move(fighter, deltaS);
    for (const shot of this.shots) {
      shot.x += shot.vx * deltaS;
      shot.y += shot.vy * deltaS;
      shot.lifeS -= deltaS;
      if (inPillar(shot.x, shot.y, 0) || shot.lifeS <= 0) this.land(shot);
    }
    this.shots = this.shots.filter((shot) => shot.lifeS > 0).slice(-SHOTS_MAX);
    for (const blast of this.blasts) blast.age += deltaS / 0.5;
    this.blasts = this.blasts.filter((blast) => blast.age < 1).slice(-BLASTS_MAX);
  }

  private move(fighter: Fighter, deltaS: number): void {
    const x = fighter.x + Math.cos(fighter.heading) * 95 * deltaS;
    const y = fighter.y + Math.sin(fighter.heading) * 95 * deltaS;
    if (inPillar(x, y, 14)) fighter.heading += 1.9;
    else {
      fighter.x = x;
      fighter.y = y;
      fighter.heading += (Math.random() - 0.5) * deltaS * 5;
    }
    const foe = this.fighters[(fighter.colour + 1 + (fighter.burst % 3)) % this.fighters.length];
    if (foe !== undefined && foe !== fighter) {
      fighter.aim = Math.atan2(foe.y - fighter.y, foe.x - fighter.x);
    }
    fighter.waitS -= deltaS;
    if (fighter.waitS > 0) return;
    fighter.burst += 1;
    fighter.waitS = fighter.burst % 4 === 0 ? 1.2 + Math.random() * 1.5 : 0.16;
    this.shoot(fighter);
  }

  private shoot(fighter: Fighter): void {
    const angle = fighter.aim + (Math.random() - 0.5) * 0.2;
    this.shots.push({
      x: fighter.x + Math.cos(angle) * 16,
      y: fighter.y + Math.sin(angle) * 16,
      vx: Math.cos(angle) * SHOT_SPEED,
      vy: Math.sin(angle) * SHOT_SPEED,
      colour: fighter.colour,
      lifeS: 0.75,
    });
  }

  private land(shot: { x: number; y: number; lifeS: number }): void {
    shot.lifeS = 0;
    this.blasts.push({ x: shot.x, y: shot.y, age: 0 });
  }
}

function inPillar(x: number, y: number, radius: number): boolean {
  if (x < radius || y < radius || x > FIELD_WIDTH - radius || y > FIELD_HEIGHT - radius) {
    return true;
  }
  return PILLARS.some(([left, top, width, height]) => {
    const across = x > left - radius && x < left + width + radius;
    return across && y > top - radius && y < top + height + radius;
  });
}
