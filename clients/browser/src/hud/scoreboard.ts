/** The table of all players: on a key, and at the end of a round together with the vote. */
import { element, Rebuilt, setShown, setText, setVariable } from "../dom";
import { BOT_GLYPH, MEDAL_GLYPHS, glyphElement } from "../glyphs";
import { MEDALS, MODE_TITLES, Phase, SIDE_TITLES } from "../lexicon";
import type { PlayerView } from "../model";
import { isolated } from "../names";
import { cssColour } from "../styles/palette";
import type { HudView, Widget } from "./view";
import { VotePanel } from "./vote";

const COLUMNS = ["", "Player", "Score", "Kills", "Deaths", "Accuracy", "Ping", "Medals"];

export class Scoreboard implements Widget {
  readonly root = element("section", "scoreboard");
  private readonly title = element("h2", "");
  private readonly subtitle = element("p", "subtitle");
  private readonly body = element("tbody");
  private readonly rows = new Rebuilt(this.body);
  private readonly vote: VotePanel;

  constructor(vote: (option: number) => void) {
    this.vote = new VotePanel(vote);
    const head = element("tr", "", ...COLUMNS.map((name) => heading(name)));
    const table = element("table", "", element("thead", "", head), this.body);
    const scroller = element("div", "scroller", table);
    this.root.append(element("header", "", this.title, this.subtitle), scroller, this.vote.root);
    this.root.setAttribute("aria-label", "Scoreboard");
  }

  draw(view: HudView): void {
    const { frame } = view;
    const ended = frame.phase === Phase.SCOREBOARD || frame.phase === Phase.OVER;
    const shown = ended || view.switches.scoreboard;
    setShown(this.root, shown);
    if (!shown) return;
    this.root.classList.toggle("ended", ended);
    setText(this.title, ended ? winnerText(view) : frame.arena.title);
    setText(this.subtitle, ended ? frame.arena.title : limitText(view));
    const ranking = view.ranking();
    const key = [...ranking.map(rowKey), ...frame.teamScores, frame.circle !== null].join("|");
    const look = view.values.palette + view.values.simpleColours + view.ownTeam;
    this.rows.show(key + look, () => {
      if (!view.hasTeams) return ranking.map((player, index) => row(view, player, index));
      return view.teams.flatMap((team) => sideRows(view, team, ranking));
    });
    setShown(this.vote.root, ended && frame.voteMaps.length > 0);
    this.vote.draw(view);
  }
}

/** The winner at the end of a round; in modes with sides, the winning side. */
export function winnerText(view: HudView): string {
  const { frame } = view;
  if (frame.winner < 0) return "A draw";
  if (view.hasTeams) {
    if (frame.self !== null && frame.winner === view.ownTeam) return "Your side won";
    return `${SIDE_TITLES[frame.winner] ?? "Somebody"} won`;
  }
  if (frame.winner === frame.self?.slot) return "You won";
  return `${isolated(view.player(frame.winner)?.name ?? "Somebody")} won`;
}

function limitText({ frame }: HudView): string {
  const count = frame.players.length;
  const people = frame.players.filter((player) => !player.bot).length;
  const goal = frame.scoreLimit > 0 ? `first to ${frame.scoreLimit}` : "";
  const seats = `${counted(people, "player")}, ${counted(count - people, "bot")}`;
  return [MODE_TITLES[frame.mode] ?? frame.mode, goal, seats].filter(Boolean).join(" · ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function rowKey(player: PlayerView): string {
  const {
    slot, name, score, kills, deaths, shots, hits, pingMs, medals, connected, alive, team, place,
  } = player;
  return [
    slot, name, score, kills, deaths, shots, hits, pingMs, medals, connected, alive, team, place,
  ].join();
}

/** A side: its name and points, then its players. */
function sideRows(view: HudView, team: number, ranking: PlayerView[]): HTMLElement[] {
  const players = ranking.filter((player) => player.team === team);
  const score = String(view.frame.teamScores[team - 1] ?? 0);
  const title = element("td", "name", SIDE_TITLES[team] ?? "");
  const count = element("td", "count", counted(players.length, "player"));
  count.colSpan = COLUMNS.length - 3;
  const points = element("td", "digits", score);
  const head = element("tr", "side", element("td", ""), title, points, count);
  setVariable(head, "--player", cssColour(view.colourOfSide(team)));
  return [head, ...players.map((player, index) => row(view, player, index))];
}

function row(view: HudView, player: PlayerView, index: number): HTMLElement {
  const made = element("tr", "");
  made.classList.toggle("self", player.self);
  made.classList.toggle("away", !player.connected);
  made.classList.toggle("out", player.place > 1);
  setVariable(made, "--player", cssColour(view.colour(player)));
  const name = element("td", "name", element("i", "chip"), element("span", "", isolated(player.name)));
  if (player.bot) name.append(glyphElement(BOT_GLYPH, "Bot"));
  if (!player.connected) name.append(element("small", "", "away"));
  const accuracy = player.shots > 0 ? `${Math.round((player.hits / player.shots) * 100)} %` : "–";
  made.append(
    element("td", "digits rank", String(player.place > 0 ? player.place : index + 1)),
    name,
    element("td", "digits strong", String(player.score)),
    element("td", "digits", String(player.kills)),
    element("td", "digits", String(player.deaths)),
    element("td", "digits optional", accuracy),
    element("td", "digits optional", player.bot ? "bot" : String(player.pingMs)),
    medals(player),
  );
  return made;
}

function medals(player: PlayerView): HTMLElement {
  const cell = element("td", "medals");
  MEDALS.forEach((medal, bit) => {
    if ((player.medals >> bit) & 1) cell.append(glyphElement(MEDAL_GLYPHS[bit] ?? "", medal.title));
  });
  return cell;
}

function heading(name: string): HTMLElement {
  const optional = name === "Accuracy" || name === "Ping";
  const made = element("th", optional ? "optional" : "", name);
  made.scope = "col";
  return made;
}
