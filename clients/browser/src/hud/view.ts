/** What every widget of the HUD is given to draw one frame. */
import type { TouchState } from "../input/touch";
import type { Frame, PlayerView } from "../model";
import type { SettingsValues } from "../settings";
import { playerColour, schemeOf, type ColourScheme } from "../styles/palette";

/** What is switched on by keys and fingers; null `touch`: no fingers so far. */
export interface HudSwitches {
  scoreboard: boolean;
  netGraph: boolean;
  touch: TouchState | null;
}

export interface Widget {
  readonly root: HTMLElement;
  draw(view: HudView): void;
}

export class HudView {
  readonly scheme: ColourScheme;
  readonly me: PlayerView | undefined; // oneself, or the player a spectator follows
  readonly own: boolean; // true when `me` is oneself

  constructor(
    readonly frame: Frame,
    readonly values: Readonly<SettingsValues>,
    readonly switches: HudSwitches,
  ) {
    this.scheme = schemeOf(values);
    this.own = frame.self !== null;
    const slot = frame.self?.slot ?? frame.follow;
    this.me = frame.players.find((player) => player.slot === slot);
  }

  colour(player: PlayerView): number {
    return playerColour(this.values, player);
  }

  player(slot: number): PlayerView | undefined {
    return this.frame.players.find((player) => player.slot === slot);
  }

  /** Best first; equal scores by fewer deaths, then by slot. */
  ranking(): PlayerView[] {
    return [...this.frame.players].sort(
      (a, b) => b.score - a.score || a.deaths - b.deaths || a.slot - b.slot,
    );
  }
}
