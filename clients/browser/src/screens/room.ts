/** A private room: its code to pass on, who is there, and for its owner the start. */
import { button, element, Rebuilt, setShown, setText } from "../dom";
import type { Actions, LobbyState } from "../model";
import { isolated } from "../names";
import { titleOf, type Screen } from "./screen";

const BOTS_MAX = 127;
const LEVELS = ["Harmless", "Easy", "Fair", "Hard", "Merciless"];
const COPIED_MS = 1600;

export class RoomScreen implements Screen {
  readonly root = element("div", "room");
  private readonly code = element("output", "room-code digits");
  private readonly place = element("p", "room-place");
  private readonly members = element("ul", "members");
  private readonly rows = new Rebuilt(this.members);
  private readonly owner = element("div", "owner-part");
  private readonly guest = element("p", "guest-part", "Waiting for the owner to start…");
  private readonly bots = element("input", "");
  private readonly botCount = element("b", "digits");
  private readonly level = element("select", "");
  private readonly copy: HTMLButtonElement;

  constructor(private readonly actions: Actions) {
    this.copy = button("", "Copy the link", () => void this.copyLink());
    this.code.setAttribute("aria-label", "Room code");
    this.prepareOwnerPart();
    const start = button("play", "Start", () => this.start());
    start.dataset["first"] = "";
    this.owner.append(start);
    const leave = button("quiet", "Leave the room", () => actions.leaveRoom());
    const invite = element(
      "div", "invite", element("h2", "", "Room"), this.code, this.copy, this.place,
    );
    const people = element("div", "people", element("h2", "", "Players"), this.members);
    const foot = element("div", "room-foot", this.owner, this.guest, leave);
    this.root.append(element("div", "card wide", invite, people, foot));
  }

  show(lobby: LobbyState): void {
    const { activity } = lobby;
    if (activity.kind !== "room") return;
    setText(this.code, activity.code);
    const mode = titleOf(lobby.modes, activity.mode);
    const map = titleOf(lobby.maps, activity.map);
    setText(this.place, `${mode} on ${map}, up to ${activity.playersMax} players`);
    setShown(this.owner, activity.owner);
    setShown(this.guest, !activity.owner);
    const free = Math.max(0, Math.min(BOTS_MAX, activity.playersMax - activity.members.length));
    if (this.bots.max !== String(free)) this.bots.max = String(free);
    this.tellBots();
    this.rows.show(`${activity.members.join("\n")} ${activity.owner} ${lobby.name}`, () =>
      activity.members.map((name, index) => {
        const row = element("li", "", element("i", "chip"), element("span", "", isolated(name)));
        row.dataset["place"] = String(index);
        if (index === 0) row.append(element("small", "", "owner"));
        return row;
      }),
    );
  }

  private start(): void {
    this.actions.startRoom(Number(this.bots.value), Number(this.level.value));
  }

  private prepareOwnerPart(): void {
    this.bots.type = "range";
    this.bots.min = "0";
    this.bots.max = String(BOTS_MAX);
    this.bots.value = "3";
    this.bots.addEventListener("input", () => this.tellBots());
    LEVELS.forEach((title, index) => {
      const option = element("option", "", title);
      option.value = String(index + 1);
      option.selected = index === 2;
      this.level.append(option);
    });
    const bots = element("label", "field", element("span", "", "Bots"), this.bots, this.botCount);
    const level = element("label", "field", element("span", "", "They are"), this.level);
    this.owner.append(bots, level);
  }

  private tellBots(): void {
    setText(this.botCount, this.bots.value);
  }

  private async copyLink(): Promise<void> {
    const link = new URL(window.location.pathname, window.location.origin);
    link.searchParams.set("room", this.code.value);
    try {
      await navigator.clipboard.writeText(link.href);
      setText(this.copy, "Copied");
    } catch {
      // Without permission the person copies by hand: the link is shown instead.
      setText(this.copy, link.href);
      return;
    }
    window.setTimeout(() => setText(this.copy, "Copy the link"), COPIED_MS);
  }
}
