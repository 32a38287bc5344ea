/**
 * Large words in the middle: waiting, the countdown's digits, overtime, death and return, the
 * winner.
 *
 * One at a time, the weightiest first, and never over the crosshair: it stands in the upper third.
 */
import { element, setShown, setText } from "../dom";
import { EventKind, MEDALS, Phase, TICKS_PER_SECOND } from "../lexicon";
import { isolated } from "../names";
import { NO_WEAPON, TUNING } from "../wire/generated";
import { circleWords, flagWords, isOutside, outWords, type Words } from "./objectiveWords";
import type { HudView, Widget } from "./view";

const FLASH_MS = 1800;
const OUT_MS = 5000;

export class Banner implements Widget {
  readonly root = element("section", "banner");
  private readonly title = element("div", "banner-title");
  private readonly detail = element("div", "banner-detail");
  private flash: (Words & { untilMs: number }) | null = null;
  private killer = "";
  private shown = "";
  private outUntilMs: number | null = null; // until then, the words about the end are shown

  constructor() {
    this.root.setAttribute("aria-live", "polite");
    this.root.append(this.title, this.detail);
  }

  draw(view: HudView): void {
    this.notice(view);
    // Nothing else matters while the connection is down, and its own banner needs the place.
    const isOnline = view.frame.connection.kind === "online";
    const words = isOnline ? (this.standing(view) ?? this.flashing(view) ?? watching(view)) : null;
    setShown(this.root, words !== null);
    if (words === null) {
      this.shown = "";
      return;
    }
    const key = `${words.kind} ${words.title}`;
    setText(this.title, words.title);
    setText(this.detail, words.detail);
    if (key === this.shown) return;
    this.shown = key;
    this.root.className = `banner banner-${words.kind}`;
    for (const animation of this.title.getAnimations()) {
      animation.cancel();
      animation.play();
    }
  }

  private standing(view: HudView): Words | null {
    const { frame, me } = view;
    const seconds = Math.max(1, Math.ceil((frame.phaseEndTick - frame.tick) / TICKS_PER_SECOND));
    if (frame.phase === Phase.SCOREBOARD || frame.phase === Phase.OVER) { // the table speaks
      return null;
    }
    if (frame.phase === Phase.COUNTDOWN) {
      return { kind: "count", title: String(seconds), detail: "Get ready" };
    }
    if (view.isOut) {
      this.outUntilMs ??= frame.nowMs + OUT_MS;
      return frame.nowMs < this.outUntilMs ? outWords(view, this.killer) : null;
    }
    this.outUntilMs = null;
    if (isOutside(view)) return circleWords(view);
    if (me !== undefined && !me.alive && view.own && frame.self !== null) {
      const wait = Math.max(0, (frame.self.respawnTick - frame.tick) / TICKS_PER_SECOND);
      const title = this.killer === "" ? "Fragged" : `Fragged by ${this.killer}`;
      return { kind: "dead", title, detail: `Back in ${wait.toFixed(1)} s` };
    }
    if (frame.phase === Phase.WARMUP) {
      const missing = Math.max(0, frame.playersMin - frame.players.length);
      const players = missing === 1 ? "player" : "players";
      const detail = `Waiting for ${missing} more ${players}`;
      return { kind: "wait", title: "Warm-up", detail: missing > 0 ? detail : "Starting soon" };
    }
    return null;
  }

  private flashing(view: HudView): Words | null {
    if (this.flash === null || view.frame.nowMs > this.flash.untilMs) return null;
    return this.flash;
  }

  private notice(view: HudView): void {
    for (const { kind, fields } of view.frame.events) {
      const own = view.frame.self?.slot ?? -1;
      if (kind === EventKind.PHASE) this.noticePhase(view, fields["phase"] ?? -1);
      if (kind === EventKind.KILL) this.noticeKill(view, own, fields);
      if (kind === EventKind.FLAG) this.say(view, flagWords(view, fields));
      if (kind === EventKind.CIRCLE) {
        this.say(view, announced(((fields["beginTick"] ?? 0) - view.frame.tick) / TICKS_PER_SECOND));
      }
      if (kind === EventKind.MEDAL && fields["slot"] === own && own >= 0) {
        const medal = MEDALS[fields["medal"] ?? -1];
        if (medal === undefined) continue;
        const detail = `Medal for ${medal.reason}`;
        this.say(view, { kind: "medal", title: medal.title, detail });
      }
    }
  }

  private noticePhase(view: HudView, phase: number): void {
    if (phase === Phase.PLAY) this.say(view, { kind: "go", title: "Fight!", detail: "" });
    if (phase === Phase.OVERTIME) {
      this.say(view, { kind: "overtime", title: "Overtime", detail: "The next point wins" });
    }
  }

  private noticeKill(view: HudView, own: number, fields: Record<string, number>): void {
    const { victim = -1, killer = -1, streak = 0 } = fields as Record<string, number>;
    if (own < 0) return;
    if (victim === own) {
      const isCircle = fields["weapon"] === NO_WEAPON;
      const somebody = killer === own ? "yourself" : isolated(view.player(killer)?.name ?? "");
      this.killer = isCircle ? "the circle" : somebody;
    } else if (killer === own) {
      const name = isolated(view.player(victim)?.name ?? "");
      const detail = streak >= TUNING.streakAt ? `${streak} in a row` : "";
      this.say(view, { kind: "kill", title: `You fragged ${name}`, detail });
    }
  }

  private say(view: HudView, words: Words): void {
    this.flash = { ...words, untilMs: view.frame.nowMs + FLASH_MS };
  }
}

/** A new circle, so many seconds before it begins to close. */
function announced(seconds: number): Words {
  const kind = "circle";
  if (seconds < 1) return { kind, title: "The circle is closing", detail: "" };
  const detail = `It starts to close in ${Math.round(seconds)} s`;
  return { kind, title: "The circle will shrink", detail };
}

/** The name of the watched player, when there is nothing else to say. */
function watching(view: HudView): Words | null {
  const { frame, me } = view;
  if (view.own || frame.camera != null) return null;
  if (frame.phase === Phase.SCOREBOARD || frame.phase === Phase.OVER) return null;
  const title = me === undefined ? "Watching the whole arena" : `Watching ${isolated(me.name)}`;
  return { kind: "watch", title, detail: "" };
}
