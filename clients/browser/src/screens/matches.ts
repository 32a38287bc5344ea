/** Matches that run now: join one or watch it. */
import { button, element, Rebuilt } from "../dom";
import { PHASE_TITLES, Phase, TICKS_PER_SECOND, clockText } from "../lexicon";
import type { Actions, LobbyState, MatchRow } from "../model";
import { card, titleOf } from "./screen";

export class MatchesCard {
  readonly root: HTMLElement;
  private readonly list = element("ul", "matches");
  private readonly rows = new Rebuilt(this.list);

  constructor(private readonly actions: Actions) {
    const refresh = button("quiet small", "Refresh", () => actions.refreshMatches());
    this.root = card("Running matches", this.list);
    this.root.classList.add("running");
    this.root.querySelector("h2")?.append(refresh);
  }

  show(lobby: LobbyState): void {
    const key = JSON.stringify([lobby.matches, lobby.maps.length, lobby.connection.kind]);
    this.rows.show(key, () => {
      if (lobby.matches.length === 0) return [empty(lobby.connection.kind === "online")];
      return lobby.matches.map((match) => this.row(match, lobby));
    });
  }

  private row(match: MatchRow, lobby: LobbyState): HTMLElement {
    const map = titleOf(lobby.maps, match.map);
    const head = element("b", "", map);
    const mode = titleOf(lobby.modes, match.mode);
    const watchers = match.watchers > 0 ? `, ${match.watchers} watching` : "";
    const people = `${match.people}/${match.playersMax} players, ${match.bots} bots${watchers}`;
    const words = element(
      "div", "words", head, element("small", "", `${mode} · ${timeText(match)} · ${people}`),
    );
    const join = button("small", "Join", () => this.actions.joinMatch(match.match));
    join.disabled = match.people >= match.playersMax;
    join.setAttribute("aria-label", `Join ${map}`);
    const watch = button("quiet small", "Watch", () => this.actions.watchMatch(match.match));
    watch.setAttribute("aria-label", `Watch ${map}`);
    return element("li", "", words, join, watch);
  }
}

function timeText(match: MatchRow): string {
  if (match.phase === Phase.PLAY && match.secondsLeft > 0) {
    return `${clockText(match.secondsLeft * TICKS_PER_SECOND)} left`;
  }
  return PHASE_TITLES[match.phase] ?? "";
}

function empty(online: boolean): HTMLElement {
  const title = online ? "Nobody is playing right now" : "No connection yet";
  const detail = online ? "Press Play: bots are always ready." : "The list appears when the page is connected.";
  const words = element("div", "words", element("b", "", title), element("small", "", detail));
  return element("li", "empty", words);
}
