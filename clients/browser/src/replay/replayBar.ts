/**
 * The controls of a replay, at the foot of the screen: play, speed, the bar with its kills, whom one
 * follows.
 *
 * Owns: the elements. Must not know: sockets; it shows a `ReplayState` and asks the
 * controller. Invariant:
 * while a finger holds the bar, the bar is the finger's and not the replay's.
 */
import "../styles/replay.css";

import { button, element, Rebuilt, setShown, setText, setVariable } from "../dom";
import { glyphElement, REPLAY_GLYPHS } from "../glyphs";
import { TICKS_PER_SECOND } from "../lexicon";
import { isolated } from "../names";
import type { ReplayController } from "./replayController";
import { SPEEDS, speedText, type ReplayWish } from "./replayKeys";
import type { ReplayState } from "./replaySession";
import { LEAD_IN_TICKS, markText, marksOf, shareOf, timeText } from "./timeline";

const SEEK_EVERY_MS = 150; // while the bar is dragged

export class ReplayBar {
  readonly root = element("section", "replay-bar");
  private readonly play: HTMLButtonElement;
  private readonly slider = element("input", "replay-slider");
  private readonly track = element("div", "replay-track");
  private readonly marks = element("div", "replay-marks");
  private readonly markRows = new Rebuilt(this.marks);
  private readonly time = element("span", "replay-time");
  private readonly speed = element("select", "replay-speed");
  private readonly who = element("span", "replay-who");
  private readonly free: HTMLButtonElement;
  private readonly live: HTMLButtonElement;
  private state: ReplayState | null = null;
  private isHeld = false;
  private soughtAtMs = 0;

  constructor(private readonly controller: ReplayController) {
    this.root.dataset["ui"] = "";
    this.root.setAttribute("aria-label", "Replay");
    this.play = this.tool("play", "pause", "Pause", { kind: "toggle" });
    this.free = this.tool("small quiet", "free", "Free camera", { kind: "free" });
    this.live = button("small quiet replay-live", "● Live", () => this.controller.goLive());
    this.prepareSpeed();
    this.prepareSlider();
    this.track.append(this.marks, this.slider);
    const follow = element(
      "div", "replay-follow",
      this.tool("small quiet", "back", "Follow the previous player", { kind: "follow", step: -1 }),
      this.who,
      this.tool("small quiet", "on", "Follow the next player", { kind: "follow", step: 1 }),
      this.free,
    );
    const left = element(
      "div", "replay-tools",
      this.play,
      this.tool("small quiet", "killBefore", "The previous kill", { kind: "kill", step: -1 }),
      this.tool("small quiet", "killNext", "The next kill", { kind: "kill", step: 1 }),
      this.speed,
      this.time,
      this.live,
    );
    const close = this.tool("small quiet replay-close", "close", "Close the replay", { kind: "close" });
    this.root.append(this.track, element("div", "replay-row", left, follow, close));
    setShown(this.root, false);
  }

  /** Once a frame; null hides it. */
  draw(state: ReplayState | null): void {
    this.state = state;
    setShown(this.root, state !== null);
    if (state === null) return;
    const { firstTick, lastTick, tick } = state;
    const isPaused = state.percent === 0;
    const label = isPaused ? "Play" : "Pause";
    if (this.play.title !== label) {
      name(this.play, label);
      this.play.replaceChildren(glyphElement(REPLAY_GLYPHS[isPaused ? "play" : "pause"]));
    }
    if (!this.isHeld) {
      this.slider.min = String(firstTick);
      this.slider.max = String(Math.max(lastTick, firstTick + 1));
      this.slider.value = String(Math.round(tick));
      this.showPlace(tick);
    }
    if (this.speed.value !== String(state.speed)) this.speed.value = String(state.speed);
    setText(this.who, state.isFree ? "Free camera" : isolated(state.following) || "Whole map");
    this.free.setAttribute("aria-pressed", String(state.isFree));
    setShown(this.live, state.isLive);
    this.live.classList.toggle("on", state.isAtEdge);
    setText(this.live, state.delayS > 0 ? `● Live −${state.delayS} s` : "● Live");
    this.showMarks(state);
  }

  private showPlace(tick: number): void {
    const { state } = this;
    if (state === null) return;
    const { firstTick, lastTick } = state;
    const text = `${timeText(tick, firstTick)} / ${timeText(lastTick, firstTick)}`;
    setText(this.time, text);
    setVariable(this.track, "--at", shareOf(tick, firstTick, lastTick).toFixed(4));
    if (this.slider.getAttribute("aria-valuetext") !== text)
      this.slider.setAttribute("aria-valuetext", text);
  }

  private showMarks({ kills, firstTick, lastTick }: ReplayState): void {
    // A running match grows each second: its marks move a little, once in ten.
    const length = Math.round((lastTick - firstTick) / (10 * TICKS_PER_SECOND));
    // Names come after the marks, or change: whoever is named is part of the key.
    const slots = [...new Set(kills.flatMap((kill) => [kill.killer, kill.victim]))];
    const names = slots.map((slot) => this.controller.nameOf(slot)).join("\n");
    this.markRows.show(`${kills.length} ${firstTick} ${length} ${names}`, () =>
      marksOf(kills, firstTick, lastTick).map((mark) => {
        const words = markText(mark, firstTick, (slot) => isolated(this.controller.nameOf(slot)));
        const made = button("replay-mark", "", () => this.controller.seek(mark.tick - LEAD_IN_TICKS));
        made.style.left = `${mark.share * 100}%`;
        made.tabIndex = -1; // the keys N and P lead from kill to kill
        made.classList.toggle("many", mark.kills.length > 1);
        name(made, words);
        return made;
      }),
    );
  }

  private prepareSpeed(): void {
    name(this.speed, "Speed");
    for (const percent of SPEEDS) {
      const option = element("option", "", speedText(percent));
      option.value = String(percent);
      this.speed.append(option);
    }
    this.speed.addEventListener("change", () => {
      this.controller.setSpeed(Number(this.speed.value));
      this.speed.blur(); // the keys are the replay's again
    });
  }

  private prepareSlider(): void {
    const { slider } = this;
    slider.type = "range";
    slider.step = "1";
    name(slider, "Position in the replay");
    slider.addEventListener("input", () => {
      this.isHeld = true;
      const tick = Number(slider.value);
      this.showPlace(tick);
      const nowMs = performance.now();
      if (nowMs - this.soughtAtMs < SEEK_EVERY_MS) return;
      this.soughtAtMs = nowMs;
      this.controller.seek(tick);
    });
    slider.addEventListener("change", () => {
      this.isHeld = false;
      this.controller.seek(Number(slider.value));
      slider.blur();
    });
  }

  private tool(
    className: string,
    glyph: keyof typeof REPLAY_GLYPHS,
    title: string,
    wish: ReplayWish,
  ): HTMLButtonElement {
    const made = button(className, glyphElement(REPLAY_GLYPHS[glyph]), () => {
      const { innerWidth: width, innerHeight: height } = window;
      this.controller.wish(wish, { width, height });
      made.blur();
    });
    name(made, title);
    return made;
  }
}

function name(target: HTMLElement, words: string): void {
  target.title = words;
  target.setAttribute("aria-label", words);
}
