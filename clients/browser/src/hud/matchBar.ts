/** The clock, and oneself against the leader: upper middle. */
import { element, setShown, setText, setVariable } from "../dom";
import { PHASE_TITLES, Phase, TICKS_PER_SECOND, clockText } from "../lexicon";
import type { PlayerView } from "../model";
import { cssColour } from "../styles/palette";
import type { HudView, Widget } from "./view";

const LAST_SECONDS = 30;

interface Side {
  root: HTMLElement;
  name: HTMLElement;
  score: HTMLElement;
}

export class MatchBar implements Widget {
  readonly root = element("section", "match-bar");
  private readonly left = side("left");
  private readonly right = side("right");
  private readonly clock = element("b", "clock digits");
  private readonly phase = element("span", "phase");

  constructor() {
    const middle = element("div", "middle", this.clock, this.phase);
    this.root.append(this.left.root, middle, this.right.root);
  }

  draw(view: HudView): void {
    const { frame } = view;
    const ranking = view.ranking();
    const me = view.me ?? ranking[0];
    const rival = ranking.find((player) => player !== me);
    this.drawSide(this.left, view, me, ranking);
    this.drawSide(this.right, view, rival, ranking);
    const leftTicks = frame.phaseEndTick - frame.tick;
    const timed = frame.phaseEndTick > 0;
    setText(this.clock, timed ? clockText(leftTicks) : "∞");
    setShown(this.clock, timed);
    setText(this.phase, phaseText(view));
    const late = leftTicks < LAST_SECONDS * TICKS_PER_SECOND;
    const hurried = timed && late && frame.phase === Phase.PLAY;
    this.clock.classList.toggle("hurried", hurried);
  }

  private drawSide(
    target: Side,
    view: HudView,
    player: PlayerView | undefined,
    ranking: PlayerView[],
  ): void {
    target.root.classList.toggle("unseen", player === undefined);
    if (player === undefined) return;
    const rank = ranking.indexOf(player);
    const place = `${rank + 1}. `;
    setText(target.name, player.self ? `${place}You` : `${place}${player.name}`);
    setText(target.score, String(player.score));
    setVariable(target.root, "--player", cssColour(view.colour(player)));
    target.root.classList.toggle("leading", rank === 0);
  }
}

function phaseText({ frame }: HudView): string {
  if (frame.phase === Phase.PLAY) return frame.scoreLimit > 0 ? `to ${frame.scoreLimit}` : "";
  return PHASE_TITLES[frame.phase] ?? "";
}

function side(name: string): Side {
  const label = element("span", "name");
  const score = element("b", "score digits");
  return { root: element("div", `side ${name}`, label, score), name: label, score };
}
