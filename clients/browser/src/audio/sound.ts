/**
 * The sounds of a frame, as heard by the player whose view it is.
 *
 * Owns: which event makes which sound, and from where. Must not know oscillators (`recipes.ts`) or
 * the page but for the gesture that unlocks audio.
 */
import { EventKind, Phase, TICKS_PER_SECOND, TILE_UNITS, Weapon } from "../lexicon";
import type { Frame, GameEvent, PlayerView } from "../model";
import { FlagAction } from "../wire/generated";
import type { Settings } from "../settings";
import { CENTRE, Mixer, placementOf, type Placement } from "./mixer";
import {
  BOUNCE, CLICK, COUNT, DASH, DEATH_OTHER, DEATH_OWN, EMPTY, EXPLOSION, GO, HIT_GIVEN, HIT_TAKEN,
  IMPACT, KILL_OWN,
  LOW_HEALTH, MEDAL, OVERTIME, PICKUP_AMMO, PICKUP_RECIPES, ROUND_END, SPAWN, WEAPON_RECIPES,
} from "./recipes";
import type { Recipe } from "./synth";

const LOW_HEALTH_AT = 30;
const HEARTBEAT_MS = 1000;
const EVENTS_MAX = 24; // in one frame; after a pause the missed sounds are not worth hearing

interface Ear {
  frame: Frame;
  slot: number; // whose ears; -1 the whole map is heard from its middle
  x: number; // tiles
  y: number;
}

export class Sound {
  private readonly mixer = new Mixer();
  private lastSecond = -1;
  private beatMs = -Infinity;

  constructor(settings: Settings) {
    this.mixer.setVolume(settings.values.volume);
    settings.onChange((values) => this.mixer.setVolume(values.volume));
    const options = { capture: true, passive: true };
    for (const gesture of ["pointerdown", "keydown", "touchend"] as const) {
      window.addEventListener(gesture, () => this.unlock(), options);
    }
    for (const sign of ["focus", "pageshow"] as const) {
      window.addEventListener(sign, () => this.mixer.wake());
    }
    document.addEventListener("visibilitychange", () => this.mixer.wake());
    window.addEventListener("click", (event) => this.click(event), options);
  }

  private unlock(): void {
    this.mixer.unlock();
  }

  draw(frame: Frame): void {
    const ear = earOf(frame);
    for (const event of frame.events.slice(-EVENTS_MAX)) this.hear(event, ear);
    this.count(frame);
    const me = frame.players.find((player) => player.slot === ear.slot);
    const weak = me !== undefined && me.alive && me.health <= LOW_HEALTH_AT && frame.self !== null;
    if (weak && frame.nowMs - this.beatMs > HEARTBEAT_MS) {
      this.beatMs = frame.nowMs;
      this.mixer.play(LOW_HEALTH);
    }
  }

  private hear(event: GameEvent, ear: Ear): void {
    const field = (name: string): number => event.fields[name] ?? -1;
    switch (event.kind) {
      case EventKind.FIRE:
        return this.weapon(field("weapon"), field("slot"), ear);
      case EventKind.SCATTER:
        return this.weapon(Weapon.SCATTER, field("slot"), ear);
      case EventKind.RAIL:
        return this.weapon(Weapon.RAIL, field("slot"), ear);
      case EventKind.EXPLODE:
        return this.mixer.play(EXPLOSION, from(ear, field("x"), field("y")));
      case EventKind.IMPACT:
        return this.mixer.play(IMPACT, from(ear, field("x"), field("y")));
      case EventKind.BOUNCE:
        return this.mixer.play(BOUNCE, from(ear, field("x"), field("y")));
      case EventKind.SPAWN:
        return this.mixer.play(SPAWN, from(ear, field("x"), field("y")));
      case EventKind.PHASE:
        return this.phase(field("phase"));
      default:
        this.hearPlayers(event, ear);
    }
  }

  private hearPlayers(event: GameEvent, ear: Ear): void {
    const field = (name: string): number => event.fields[name] ?? -1;
    const [victim, slot] = [field("victim"), field("slot")];
    switch (event.kind) {
      case EventKind.HIT:
        if (victim === ear.slot) this.mixer.play(HIT_TAKEN);
        else if (field("attacker") === ear.slot) this.mixer.play(HIT_GIVEN);
        return;
      case EventKind.KILL:
        if (victim === ear.slot) this.mixer.play(DEATH_OWN);
        else this.at(DEATH_OTHER, victim, ear);
        if (field("killer") === ear.slot && victim !== ear.slot) this.mixer.play(KILL_OWN);
        return;
      case EventKind.PICKUP: {
        const kind = ear.frame.arena.pads[field("pad")]?.kind ?? 0;
        this.at(PICKUP_RECIPES[kind] ?? PICKUP_AMMO, slot, ear);
        return;
      }
      case EventKind.DASH:
        return this.at(DASH, slot, ear);
      case EventKind.EMPTY:
        if (slot === ear.slot) this.mixer.play(EMPTY);
        return;
      case EventKind.FLAG:
        if (field("action") === FlagAction.CAPTURED) return this.mixer.play(MEDAL);
        return this.mixer.play(field("action") === FlagAction.DROPPED ? EMPTY : PICKUP_AMMO);
      case EventKind.CIRCLE:
        return this.mixer.play(OVERTIME);
      case EventKind.MEDAL:
        if (slot === ear.slot) this.mixer.play(MEDAL);
        return;
    }
  }

  private weapon(weapon: number, slot: number, ear: Ear): void {
    const recipe = WEAPON_RECIPES[weapon];
    if (recipe !== undefined) this.at(recipe, slot, ear);
  }

  private at(recipe: Recipe, slot: number, ear: Ear): void {
    if (slot === ear.slot) return this.mixer.play(recipe, { gain: 0.8, pan: 0 });
    const player = ear.frame.players.find((one: PlayerView) => one.slot === slot);
    if (player?.seen === true) this.mixer.play(recipe, from(ear, player.x, player.y));
  }

  private phase(phase: number): void {
    if (phase === Phase.PLAY) this.mixer.play(GO);
    if (phase === Phase.OVERTIME) this.mixer.play(OVERTIME);
    if (phase === Phase.SCOREBOARD) this.mixer.play(ROUND_END);
  }

  /** A beep a second before the start, and in the last ten seconds of play. */
  private count(frame: Frame): void {
    const second = Math.ceil((frame.phaseEndTick - frame.tick) / TICKS_PER_SECOND);
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    const counted =
      frame.phase === Phase.COUNTDOWN ? second <= 3 : frame.phase === Phase.PLAY && second <= 10;
    if (counted && second > 0 && frame.phaseEndTick > 0) this.mixer.play(COUNT);
  }

  private click(event: Event): void {
    const { target } = event;
    if (target instanceof Element && target.closest("button, select, label") !== null) {
      this.mixer.play(CLICK, CENTRE);
    }
  }
}

function earOf(frame: Frame): Ear {
  const slot = frame.self?.slot ?? frame.follow;
  const player = frame.players.find((one) => one.seen && one.slot === slot);
  const x = player === undefined ? frame.arena.width / 2 : player.x / TILE_UNITS;
  const y = player === undefined ? frame.arena.height / 2 : player.y / TILE_UNITS;
  return { frame, slot, x, y };
}

function from(ear: Ear, x: number, y: number): Placement {
  return placementOf(x / TILE_UNITS - ear.x, y / TILE_UNITS - ear.y);
}
