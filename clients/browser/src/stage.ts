/**
 * The interface from the logic to what is seen and heard: four parts that draw what they are given.
 *
 * The classes in scene/, hud/, screens/ and audio/ fit these interfaces; so do the fakes in the
 * tests.
 */
import type { TouchState } from "./input/touch";
import type { Frame, LobbyState } from "./model";
import type { ReplayState } from "./replay/replaySession";

export interface ScenePart {
  draw(frame: Frame): void;
  /** The place in the world, in units, under a point of the page; null while nothing is drawn. */
  worldAt(clientX: number, clientY: number): { x: number; y: number } | null;
}

/** The content of the HUD besides the frame. */
export interface HudOptions {
  scoreboard: boolean;
  netGraph: boolean;
  touch: TouchState | null; // null: not a touch screen, or it is not in use
}

export interface HudPart {
  draw(frame: Frame, options: HudOptions): void;
  /** Between two matches. */
  hide(): void;
}

export interface ScreensPart {
  show(lobby: LobbyState): void;
  /**
   * The menu over a running match: resume, settings, leave. While it is open, the hands are off the
   * controls.
   */
  toggleMenu(): void;
  /** Buttons for the next and the previous player, for fingers: who watches, or is out. */
  offerFollowing(isFollowing: boolean): void;
  readonly isMenuOpen: boolean;
}

export interface SoundPart {
  draw(frame: Frame): void;
}

/** The controls of a replay. */
export interface ReplayPart {
  /** Null: none is on the screen. */
  draw(state: ReplayState | null): void;
}

export interface Stage {
  scene: ScenePart;
  hud: HudPart;
  screens: ScreensPart;
  sound: SoundPart;
  replay: ReplayPart;
}
