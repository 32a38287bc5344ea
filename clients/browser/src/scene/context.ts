/** The context that the layers of the scene share while one frame is drawn. */
import type { Frame, PlayerView } from "../model";
import type { SettingsValues } from "../settings";
import { playerColour, sideColour, type ColourScheme } from "../styles/palette";
import { PX_PER_UNIT, type Camera } from "./camera";

export class DrawContext {
  private readonly bySlot = new Map<number, PlayerView>();
  readonly selfSlot: number; // the local player's; -1 for a spectator
  readonly ownTeam: number; // of the local or the followed player; 0 without teams

  constructor(
    readonly frame: Frame,
    readonly values: Readonly<SettingsValues>,
    readonly scheme: ColourScheme,
    readonly camera: Camera,
    readonly thrifty: boolean, // leave out what is only pretty
  ) {
    for (const player of frame.players) this.bySlot.set(player.slot, player);
    this.selfSlot = frame.self?.slot ?? -1;
    this.ownTeam = this.bySlot.get(frame.self?.slot ?? frame.follow)?.team ?? 0;
  }

  get deltaS(): number {
    return this.frame.deltaMs / 1000;
  }

  /** A player in sight. */
  player(slot: number): PlayerView | undefined {
    const player = this.bySlot.get(slot);
    return player?.seen === true ? player : undefined;
  }

  colour(player: PlayerView): number {
    return playerColour(this.values, player, this.ownTeam);
  }

  /** Of the owner of a shot, who may have left already. */
  colourOfSlot(slot: number): number {
    const painted = this.bySlot.get(slot) ?? { slot, self: slot === this.selfSlot, team: 0 };
    return playerColour(this.values, painted, this.ownTeam);
  }

  colourOfSide(team: number): number {
    return sideColour(this.values, team, this.ownTeam);
  }

  /** True when a point (in units) is on the screen or close to it. */
  sees(x: number, y: number, radiusPx = 100): boolean {
    return this.camera.sees(x * PX_PER_UNIT, y * PX_PER_UNIT, radiusPx);
  }
}
