/**
 * Everything that lies over the arena while one plays or watches, as elements of the page.
 *
 * Owns: the widgets and their places. Must not know the net or the rules; it reads a `Frame` and
 * nothing else.
 */
import "../styles/base.css";
import "../styles/hud.css";
import "../styles/hud-match.css";
import "../styles/hud-touch.css";
import "../styles/scoreboard.css";

import { setShown } from "../dom";
import { Phase } from "../lexicon";
import type { Frame } from "../model";
import type { Settings } from "../settings";
import { Banner } from "./banner";
import { ConnectionBanner } from "./connectionBanner";
import { DamageEdge } from "./damage";
import { KillFeed } from "./killFeed";
import { MatchBar } from "./matchBar";
import { Minimap } from "./minimap";
import { NetGraph } from "./netGraph";
import { isOutside } from "./objectiveWords";
import { Scoreboard } from "./scoreboard";
import { TouchPad } from "./touchPad";
import { HudView, type HudSwitches, type Widget } from "./view";
import { Vitals } from "./vitals";
import { WeaponBar } from "./weaponBar";

export class Hud {
  private readonly widgets: Widget[];

  /** `vote` is called with the map that was chosen at the end of a round. */
  constructor(
    private readonly root: HTMLElement,
    private readonly settings: Settings,
    vote: (option: number) => void = () => undefined,
  ) {
    this.widgets = [
      new DamageEdge(),
      new TouchPad(),
      new Minimap(),
      new MatchBar(),
      new KillFeed(),
      new Vitals(),
      new WeaponBar(),
      new Banner(),
      new NetGraph(),
      new Scoreboard(vote),
      new ConnectionBanner(),
    ];
    root.replaceChildren(...this.widgets.map((widget) => widget.root));
    this.hide();
  }

  draw(frame: Frame, switches: HudSwitches): void {
    setShown(this.root, true);
    const ended = frame.phase === Phase.SCOREBOARD || frame.phase === Phase.OVER;
    this.root.classList.toggle("ended", ended);
    this.root.classList.toggle("touch", switches.touch !== null);
    const view = new HudView(frame, this.settings.values, switches);
    this.root.classList.toggle("outside", isOutside(view));
    for (const widget of this.widgets) widget.draw(view);
  }

  /** Between two matches. */
  hide(): void {
    setShown(this.root, false);
  }
}
