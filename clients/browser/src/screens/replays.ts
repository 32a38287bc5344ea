/** Matches that are over: watch one again, or take it along. */
import { button, element, Rebuilt, setShown } from "../dom";
import { TICKS_PER_SECOND, clockText } from "../lexicon";
import type { Actions, LobbyState } from "../model";
import { urlOf } from "../net/url";
import { fetchReplays, type ReplayRow } from "../replay/replayList";
import { card, titleOf } from "./screen";

const FRESH_MS = 10_000; // so long a list is good enough
const SHOWN_MAX = 12;

export class ReplaysCard {
  readonly root: HTMLElement;
  private readonly list = element("ul", "matches");
  private readonly rows = new Rebuilt(this.list);
  private replays: ReplayRow[] = [];
  private fetchedAtMs = -Infinity;
  private lobby: LobbyState | null = null;

  constructor(private readonly actions: Actions) {
    this.root = card("Finished matches", this.list);
    this.root.classList.add("finished");
    setShown(this.root, false);
  }

  /** While the start page is seen and the server is there. */
  show(lobby: LobbyState): void {
    this.lobby = lobby;
    if (lobby.connection.kind === "online" && performance.now() - this.fetchedAtMs > FRESH_MS) {
      this.fetchedAtMs = performance.now();
      void fetchReplays().then((replays) => {
        this.replays = replays.slice(0, SHOWN_MAX);
        this.draw();
      });
    }
    this.draw();
  }

  private draw(): void {
    const { lobby } = this;
    if (lobby === null) return;
    setShown(this.root, this.replays.length > 0);
    const key = JSON.stringify([this.replays, lobby.maps.length]);
    this.rows.show(key, () => this.replays.map((replay) => this.row(replay, lobby)));
  }

  private row(replay: ReplayRow, lobby: LobbyState): HTMLElement {
    const map = titleOf(lobby.maps, replay.map);
    const mode = titleOf(lobby.modes, replay.mode);
    const won = replay.outcome === "" ? "" : ` · ${replay.outcome}`;
    const length = clockText(replay.seconds * TICKS_PER_SECOND);
    const detail = `${mode} · ${length}${won} · ${agoText(replay.endedS, Date.now() / 1000)}`;
    const words = element("div", "words", element("b", "", map), element("small", "", detail));
    const watch = button("small", "Watch", () => this.actions.watchReplay(replay.name));
    watch.setAttribute("aria-label", `Watch the replay of ${map}`);
    const save = element("a", "save", "Save");
    save.href = urlOf(`replays/${encodeURIComponent(replay.name)}.skj.gz`).href;
    save.download = `${replay.name}.skj.gz`;
    save.setAttribute("aria-label", `Save the replay of ${map}`);
    return element("li", "", words, save, watch);
  }
}

/** How long ago something was, roughly. */
export function agoText(thenS: number, nowS: number): string {
  const minutes = Math.floor(Math.max(0, nowS - thenS) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
