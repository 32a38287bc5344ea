/**
 * The clock between two scores: own and leader's, the sides with their flags, or the own place
 * among those who are left. Upper middle.
 */
import { element, setShown, setText, setVariable } from "../dom";
import { FLAG_GLYPH, glyphElement } from "../glyphs";
import { PHASE_TITLES, Phase, SIDE_TITLES, TICKS_PER_SECOND, clockText } from "../lexicon";
import type { PlayerView } from "../model";
import { isolated } from "../names";
import { cssColour } from "../styles/palette";
import { circleClock } from "./objectiveWords";
import type { HudView, Widget } from "./view";

const LAST_SECONDS = 30;

interface Side {
  root: HTMLElement;
  name: HTMLElement;
  score: HTMLElement;
  flag: SVGElement;
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
    if (view.hasTeams) this.drawTeams(view);
    else if (frame.circle !== null) this.drawSurvivors(view);
    else this.drawRivals(view);
    const leftTicks = frame.phaseEndTick - frame.tick;
    const timed = frame.phaseEndTick > 0;
    setText(this.clock, timed ? clockText(leftTicks) : "∞");
    setShown(this.clock, timed);
    setText(this.phase, phaseText(view));
    const late = leftTicks < LAST_SECONDS * TICKS_PER_SECOND;
    const hurried = timed && late && frame.phase === Phase.PLAY;
    this.clock.classList.toggle("hurried", hurried);
  }

  private drawRivals(view: HudView): void {
    const ranking = view.ranking();
    const me = view.me ?? ranking[0];
    const rival = ranking.find((player) => player !== me);
    this.drawSide(this.left, view, me, ranking);
    this.drawSide(this.right, view, rival, ranking);
  }

  /** One's own side is always on the left. */
  private drawTeams(view: HudView): void {
    const { teamScores, flags } = view.frame;
    const most = Math.max(...teamScores);
    [this.left, this.right].forEach((target, index) => {
      const team = view.teams[index] ?? 0;
      const score = teamScores[team - 1] ?? 0;
      const flag = flags.find((one) => one.team === team);
      const title = SIDE_TITLES[team] ?? "";
      fill(target, team === view.ownTeam ? `${title} (you)` : title, score);
      setVariable(target.root, "--player", cssColour(view.colourOfSide(team)));
      target.root.classList.toggle("leading", score === most && score > 0);
      setShown(target.flag, flag !== undefined);
      if (flag !== undefined) target.flag.dataset["state"] = flag.state;
    });
  }

  /** How many are left, and what oneself did. */
  private drawSurvivors(view: HudView): void {
    const { players } = view.frame;
    const left = players.filter((player) => player.alive).length;
    const { me } = view;
    this.left.root.classList.toggle("unseen", me === undefined);
    if (me !== undefined) {
      fill(this.left, view.own ? "Your kills" : `${isolated(me.name)}'s kills`, me.kills);
      setVariable(this.left.root, "--player", cssColour(view.colour(me)));
    }
    fill(this.right, `of ${players.length} left`, left);
    setVariable(this.right.root, "--player", cssColour(view.scheme.text));
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
    fill(target, player.self ? `${place}You` : `${place}${isolated(player.name)}`, player.score);
    setVariable(target.root, "--player", cssColour(view.colour(player)));
    target.root.classList.toggle("leading", rank === 0);
  }
}

function phaseText(view: HudView): string {
  const { frame } = view;
  if (frame.phase === Phase.PLAY && frame.circle !== null) return circleClock(view);
  if (frame.phase === Phase.PLAY) return frame.scoreLimit > 0 ? `to ${frame.scoreLimit}` : "";
  return PHASE_TITLES[frame.phase] ?? "";
}

function side(name: string): Side {
  const label = element("span", "name");
  const score = element("b", "score digits");
  const flag = glyphElement(FLAG_GLYPH, "Flag");
  flag.classList.add("side-flag");
  setShown(flag, false);
  return { root: element("div", `side ${name}`, flag, label, score), name: label, score, flag };
}

function fill(target: Side, name: string, score: number): void {
  target.root.classList.remove("unseen");
  setShown(target.flag, false);
  setText(target.name, name);
  setText(target.score, String(score));
}
