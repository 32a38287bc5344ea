/** Playing with friends: open a room, or enter one by its code. */
import { button, element, Rebuilt } from "../dom";
import type { Actions, LobbyState } from "../model";
import { card, playersText } from "./screen";

const CODE_CHARACTERS_MAX = 24; // nine letters, in any grouping
const FRIENDS_MAX = 8; // a group of friends; a map for more would be empty around them

export class FriendsCard {
  readonly root: HTMLElement;
  private readonly map = element("select", "");
  private readonly maps = new Rebuilt(this.map);
  private readonly create: HTMLButtonElement;
  private readonly join: HTMLButtonElement;
  private readonly code = element("input", "code-field");

  constructor(
    private readonly actions: Actions,
    private readonly modeOf: () => string,
  ) {
    this.create = button("", "Create a room", () => actions.createRoom(modeOf(), this.map.value));
    this.join = button("", "Join", () => this.enter());
    this.map.setAttribute("aria-label", "Map of the room");
    this.code.maxLength = CODE_CHARACTERS_MAX;
    this.code.placeholder = "BCD-FGH-JKM";
    this.code.autocomplete = "off";
    this.code.autocapitalize = "characters";
    this.code.spellcheck = false;
    this.code.setAttribute("aria-label", "Room code");
    this.code.addEventListener("input", () => {
      this.code.value = this.code.value.toUpperCase();
    });
    this.code.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.enter();
    });
    const opening = element("div", "row", this.map, this.create);
    const entering = element("div", "row", this.code, this.join);
    this.root = card("Play with friends", opening, entering);
    this.root.classList.add("friends");
  }

  show(lobby: LobbyState): void {
    const online = lobby.connection.kind === "online";
    const mode = this.modeOf();
    const fitting = lobby.maps.filter((map) => map.modes.includes(mode));
    this.maps.show(`${mode}: ${fitting.map((map) => map.name).join()}`, () => mapOptions(fitting));
    this.map.disabled = !online;
    this.create.disabled = !online || fitting.length === 0;
    this.join.disabled = !online;
  }

  private enter(): void {
    const code = this.code.value.trim();
    if (code.length > 0) this.actions.joinRoom(code);
    else this.code.focus();
  }
}

/** Small maps first; the largest that a group of friends fills is chosen. */
function mapOptions(maps: LobbyState["maps"]): HTMLOptionElement[] {
  const sorted = [...maps].sort((a, b) => a.playersMax - b.playersMax);
  const fitting = sorted.findLast((map) => map.playersMax <= FRIENDS_MAX);
  return sorted.map((map) => {
    const { name, title, playersMin, playersMax } = map;
    const range = playersMin === playersMax ? `${playersMax}` : `${playersMin}–${playersMax}`;
    const option = element("option", "", `${title}, ${range}`);
    option.value = name;
    option.title = playersText(playersMin, playersMax);
    option.selected = map === fitting;
    return option;
  });
}
