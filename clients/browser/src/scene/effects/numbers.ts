/**
 * Damage dealt by the local player, as digits that rise from the victim. Hits on the same body
 * add up for a moment.
 */
import { Container, Sprite } from "pixi.js";

import type { Atlas } from "../atlas";

const NUMBERS_MAX = 12;
const DIGITS_MAX = 3;
const LIFE_MS = 850;
const MERGE_MS = 160; // a fan of pellets is one number
const DIGIT_PX = 17;

interface DamageNumber {
  root: Container;
  digits: Sprite[];
  victim: number;
  value: number;
  bornMs: number;
}

export class DamageNumbers {
  readonly container = new Container();
  private readonly ring: DamageNumber[] = [];
  private next = 0;

  constructor(private readonly atlas: Atlas) {
    for (let index = 0; index < NUMBERS_MAX; index += 1) {
      const root = new Container();
      const digits = Array.from({ length: DIGITS_MAX }, () => {
        const digit = new Sprite(atlas.cell("digit0"));
        digit.anchor.set(0.5);
        root.addChild(digit);
        return digit;
      });
      root.visible = false;
      this.container.addChild(root);
      this.ring.push({ root, digits, victim: -1, value: 0, bornMs: -Infinity });
    }
  }

  add(victim: number, damage: number, at: { x: number; y: number; nowMs: number }): void {
    const merged = this.ring.find(
      (number) => number.victim === victim && at.nowMs - number.bornMs < MERGE_MS,
    );
    const number = merged ?? this.ring[this.next];
    if (number === undefined) return;
    if (merged === undefined) {
      this.next = (this.next + 1) % this.ring.length;
      number.value = 0;
      number.bornMs = at.nowMs;
      number.root.position.set(at.x + (Math.random() - 0.5) * 22, at.y - 20);
    }
    number.victim = victim;
    number.value = Math.min(999, number.value + damage);
    this.write(number);
  }

  advance(nowMs: number, zoom: number, colour: number): void {
    for (const number of this.ring) {
      const share = (nowMs - number.bornMs) / LIFE_MS;
      number.root.visible = share < 1;
      if (share >= 1) continue;
      const pop = share < 0.12 ? 1.35 - (share / 0.12) * 0.35 : 1;
      const size = number.value >= 50 ? 1.05 : 0.78;
      number.root.scale.set((pop * size) / Math.max(0.55, zoom));
      number.root.pivot.y = 34 * share;
      number.root.alpha = Math.min(1, (1 - share) * 2.2);
      for (const digit of number.digits) digit.tint = number.value >= 50 ? colour : 0xffffff;
    }
  }

  private write(number: DamageNumber): void {
    const text = String(number.value);
    number.digits.forEach((sprite, index) => {
      const character = text[index];
      sprite.visible = character !== undefined;
      if (character === undefined) return;
      sprite.texture = this.atlas.cell(`digit${character}`);
      sprite.x = (index - (text.length - 1) / 2) * DIGIT_PX;
    });
  }
}
