/** The view that every widget of the HUD draws. */
import type { TouchState } from "../input/touch";
import type { Frame, PlayerView } from "../model";
import type { SettingsValues } from "../settings";
import { playerColour, schemeOf, sideColour, type ColourScheme } from "../styles/palette";
import { NEVER_TICK } from "../wire/generated";

/** The switches set by keys and touches; null `touch`: no touch so far. */
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
  readonly me: PlayerView | undefined; // the local player, or the one a spectator follows
  readonly own: boolean; // true when `me` is the local player
  readonly isOut: boolean; // the only life is over; the rest of the round can only be watched
  readonly ownTeam: number; // 0 without teams

  constructor(
    readonly frame: Frame,
    readonly values: Readonly<SettingsValues>,
    readonly switches: HudSwitches,
  ) {
    this.scheme = schemeOf(values);
    this.isOut = isOut(frame);
    this.own = frame.self !== null && !this.isOut;
    const slot = this.own ? (frame.self?.slot ?? -1) : frame.follow;
    this.me = frame.players.find((player) => player.slot === slot);
    const self = frame.players.find((player) => player.self);
    this.ownTeam = (self ?? this.me)?.team ?? 0;
  }

  get hasTeams(): boolean {
    return this.frame.teamScores.length > 0;
  }

  /** The teams, the viewer's own first. */
  get teams(): number[] {
    const teams = this.frame.teamScores.map((_, index) => index + 1);
    const own = (team: number): number => Number(team === this.ownTeam);
    return teams.sort((one, other) => own(other) - own(one));
  }

  colour(player: PlayerView): number {
    return playerColour(this.values, player, this.ownTeam);
  }

  colourOfSide(team: number): number {
    return sideColour(this.values, team, this.ownTeam);
  }

  player(slot: number): PlayerView | undefined {
    return this.frame.players.find((player) => player.slot === slot);
  }

  /** Best first; equal scores by fewer deaths, then by slot. */
  ranking(): PlayerView[] {
    return [...this.frame.players].sort(
      (a, b) =>
        placeOf(a) - placeOf(b) || b.score - a.score || a.deaths - b.deaths || a.slot - b.slot,
    );
  }
}

/** In modes of one life: players still in come first, then the others, last out first. */
function placeOf(player: PlayerView): number {
  return player.place === 0 ? 1 : player.place;
}

function isOut({ self, players }: Frame): boolean {
  if (self === null || self.respawnTick < NEVER_TICK) return false;
  return players.some((player) => player.self && !player.alive);
}
