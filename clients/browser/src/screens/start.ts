/** The first page: one click plays. Beside it: friends, running matches, the keys. */
import { button, element, Rebuilt, setShown, setText } from "../dom";
import { NAME_CHARACTERS_MAX, type Settings } from "../settings";
import type { Actions, LobbyState } from "../model";
import { withIsolated } from "../names";
import { FriendsCard } from "./friends";
import { KeyLegend } from "./keyLegend";
import { MatchesCard } from "./matches";
import { ReplaysCard } from "./replays";
import { playersText, type Screen } from "./screen";
import { TroubleCard } from "./troubleCard";
import { partingLabel, wayOnOf, type LargeButton } from "./largeButton";

const HASTE_MS = 500;

export class StartScreen implements Screen {
  readonly root = element("div", "start");
  private readonly name = element("input", "name-field");
  private readonly nameWords = element("span", "");
  private readonly nameNote: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly playLabel = element("span", "", "Play");
  private readonly playDetail = element("small", "");
  private readonly modes = element("div", "modes");
  private readonly modeRows = new Rebuilt(this.modes);
  private readonly online = element("span", "online");
  private readonly connection = element("p", "connection-state");
  private readonly trouble = new TroubleCard();
  private readonly partingWords = element("span", "");
  private readonly partingButton: HTMLButtonElement;
  private readonly parting: HTMLElement;
  private lobby: LobbyState | null = null;
  private wayOn: LargeButton["act"] = null;
  private backAtMs = -Infinity; // when the line that was waited for came back
  private readonly friends: FriendsCard;
  private readonly matches: MatchesCard;
  private readonly replays: ReplaysCard;
  private mode = "";

  constructor(
    private readonly actions: Actions,
    private readonly settings: Settings,
    openSettings: () => void,
  ) {
    this.play = button("play", this.playLabel, () => this.press());
    this.play.append(this.playDetail);
    this.play.dataset["first"] = "";
    this.friends = new FriendsCard(actions, () => this.mode);
    this.matches = new MatchesCard(actions);
    this.replays = new ReplaysCard(actions);
    this.prepareName();
    this.modes.setAttribute("role", "radiogroup");
    this.modes.setAttribute("aria-label", "Mode");
    this.connection.setAttribute("role", "status");
    this.partingButton = button("small", "", () => this.goOnAfterParting());
    this.parting = element("p", "parting", this.partingWords, this.partingButton);
    const accept = button("small", "OK", () => actions.acceptName());
    this.nameNote = element("p", "name-note", this.nameWords, accept);
    this.nameNote.setAttribute("role", "status");
    const settingsButton = button("quiet", "Settings", openSettings);
    const top = element("header", "top", this.online, settingsButton);
    const label = element("label", "name-label", element("span", "", "Your name"), this.name);
    const hero = element(
      "section", "hero", wordmark(), tagline(), label, this.nameNote, this.modes, this.play,
      this.parting, this.connection, this.trouble.root,
    );
    const side = element("div", "side-column", this.friends.root, this.matches.root, this.replays.root);
    const columns = element("div", "columns", hero, side);
    this.root.append(top, columns, new KeyLegend(settings).root);
  }

  show(lobby: LobbyState): void {
    this.lobby = lobby;
    const online = lobby.connection.kind === "online";
    if (lobby.modes.every((mode) => mode.name !== this.mode)) {
      this.mode = lobby.modes[0]?.name ?? "";
    }
    this.showModes(lobby);
    const mode = lobby.modes.find((row) => row.name === this.mode);
    const way = wayOnOf(lobby.connection, mode?.title ?? "");
    if (this.wayOn === "now" && way.act === "play") this.backAtMs = performance.now();
    this.wayOn = way.act;
    this.play.disabled = way.act === null;
    setText(this.playLabel, way.label);
    setText(this.playDetail, way.detail);
    setShown(this.playDetail, way.detail !== "");
    this.showParting(lobby);
    this.trouble.show(online ? null : lobby.trouble);
    setText(this.online, online ? `${lobby.online} online` : "offline");
    this.online.classList.toggle("on", online);
    setText(this.connection, connectionText(lobby));
    setShown(this.connection, !online);
    setText(this.nameWords, withIsolated(lobby.nameNote, lobby.name));
    setShown(this.nameNote, lobby.nameNote !== "");
    const editing = document.activeElement === this.name;
    if (!editing && lobby.name !== "" && this.name.value !== lobby.name) {
      this.name.value = lobby.name;
    }
    this.friends.show(lobby);
    this.matches.show(lobby);
    this.replays.show(lobby);
  }

  /** The large button: it plays, or is the way to where one can. */
  private press(): void {
    const connection = this.lobby?.connection;
    if (connection?.kind === "ended") this.actions.goOn(connection.way);
    else if (connection?.kind === "online") {
      // A press that was meant for "Try now" is no wish to play.
      if (performance.now() - this.backAtMs > HASTE_MS) this.start();
    } else this.actions.tryNow();
  }

  private showParting({ parting }: LobbyState): void {
    setShown(this.parting, parting !== null);
    if (parting === null) return;
    setText(this.partingWords, parting.words);
    setText(this.partingButton, partingLabel(parting.way));
  }

  private goOnAfterParting(): void {
    const parting = this.lobby?.parting;
    if (parting != null) this.actions.goOn(parting.way);
  }

  private start(): void {
    this.keepName();
    if (this.mode !== "") this.actions.play(this.mode);
  }

  private showModes(lobby: LobbyState): void {
    const key = lobby.modes.map((mode) => mode.name).join() + this.mode;
    this.modeRows.show(key, () =>
      lobby.modes.map((mode) => {
        const chosen = mode.name === this.mode;
        const made = button("mode", element("b", "", mode.title), () => {
          this.mode = mode.name;
          this.show(lobby);
          this.modes.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
        });
        made.append(element("small", "", playersText(mode.playersMin, mode.playersMax)));
        made.setAttribute("role", "radio");
        made.setAttribute("aria-checked", String(chosen));
        return made;
      }),
    );
  }

  private prepareName(): void {
    this.name.value = this.settings.values.name;
    this.name.maxLength = NAME_CHARACTERS_MAX;
    this.name.placeholder = "Guest";
    this.name.setAttribute("autocomplete", "nickname");
    this.name.spellcheck = false;
    this.name.dir = "auto"; // as the name is written
    this.name.addEventListener("change", () => this.keepName());
    this.name.addEventListener("keydown", (event) => {
      event.stopPropagation(); // letters are a name here, not controls
      if (event.key === "Enter" && !this.play.disabled) this.press();
    });
  }

  private keepName(): void {
    const name = this.name.value.trim();
    if (name === "" || name === this.lobby?.name) return;
    this.actions.rename(name);
  }
}

function wordmark(): HTMLElement {
  const mark = element("h1", "wordmark");
  mark.append(element("span", "slash"), element("span", "", "Skirmish"));
  return mark;
}

function tagline(): HTMLElement {
  return element("p", "tagline", "Arena shooter from above. No download, no account.");
}

function connectionText({ connection }: LobbyState): string {
  switch (connection.kind) {
    case "retrying":
      return `No connection: trying again in ${secondsOf(connection.inMs)} s (attempt ${connection.attempt})`;
    case "ended":
      return connection.reason;
    case "connecting":
      return "Connecting to the server…";
    default:
      return connection.kind === "offline" ? "Not connected." : "";
  }
}

function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
