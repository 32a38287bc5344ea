/**
 * All players of the frame: one `PlayerSprite` a slot, made when the player comes and destroyed
 * when they leave.
 */
import { Container } from "pixi.js";

import { EventKind } from "../lexicon";
import type { Atlas } from "./atlas";
import type { DrawContext } from "./context";
import { Labels } from "./labels";
import { PlayerSprite } from "./playerSprite";

export class PlayerLayer {
  readonly bodies = new Container();
  readonly names = new Container();
  private readonly sprites = new Map<number, PlayerSprite>();
  private readonly labels = new Labels();

  constructor(private readonly atlas: Atlas) {}

  draw(context: DrawContext): void {
    this.react(context);
    const present = new Set<number>();
    for (const player of context.frame.players) {
      if (!player.seen) continue;
      present.add(player.slot);
      this.spriteOf(player.slot).draw(player, context, this.labels);
    }
    for (const [slot, sprite] of this.sprites) {
      if (present.has(slot)) continue;
      sprite.destroy();
      this.sprites.delete(slot);
    }
    const self = this.sprites.get(context.selfSlot);
    if (self !== undefined) this.bodies.addChild(self.body); // the local player on top
    this.labels.prune();
  }

  clear(): void {
    for (const sprite of this.sprites.values()) sprite.destroy();
    this.sprites.clear();
  }

  destroy(): void {
    this.clear();
    this.labels.destroy();
  }

  private react(context: DrawContext): void {
    const { events, nowMs } = context.frame;
    for (const event of events) {
      const { slot, victim } = event.fields as { slot?: number; victim?: number };
      switch (event.kind) {
        case EventKind.FIRE:
        case EventKind.SCATTER:
        case EventKind.RAIL:
          this.sprites.get(slot ?? -1)?.fire(nowMs);
          break;
        case EventKind.HIT:
          this.sprites.get(victim ?? -1)?.hurt(nowMs);
          break;
      }
    }
  }

  private spriteOf(slot: number): PlayerSprite {
    let sprite = this.sprites.get(slot);
    if (sprite === undefined) {
      sprite = new PlayerSprite(this.atlas);
      this.sprites.set(slot, sprite);
      this.bodies.addChild(sprite.body);
      this.names.addChild(sprite.label);
    }
    return sprite;
  }
}
