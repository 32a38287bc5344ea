/** Waiting: for other players, and then for the seat. */
import { button, element, setShown, setText } from "../dom";
import type { Actions, LobbyState } from "../model";
import { titleOf, type Screen } from "./screen";
import { TroubleCard } from "./troubleCard";

export class QueueScreen implements Screen {
  readonly root = element("div", "waiting");
  private readonly title = element("h2", "", "Looking for players");
  private readonly detail = element("p", "");
  private readonly bots = element("p", "bots-line");
  private readonly cancel: HTMLButtonElement;
  private readonly trouble = new TroubleCard();
  private isQueued = false;

  constructor(actions: Actions) {
    this.cancel = button("", "Cancel", () => {
      if (this.isQueued) actions.cancel();
      else actions.leaveMatch();
    });
    this.cancel.dataset["first"] = "";
    const radar = element("div", "radar", element("i"), element("i"), element("i"));
    const words = element(
      "div", "card", radar, this.title, this.detail, this.bots, this.trouble.root, this.cancel,
    );
    words.setAttribute("role", "status");
    this.root.append(words);
  }

  show(lobby: LobbyState): void {
    const { activity } = lobby;
    const queued = activity.kind === "queued";
    this.isQueued = queued;
    setText(this.cancel, queued ? "Cancel" : "Back");
    setShown(this.bots, queued);
    this.trouble.show(lobby.trouble);
    if (!queued) {
      setText(this.title, "Taking your seat");
      setText(this.detail, lobby.trouble === null ? "Your match is ready." : "Connecting…");
      return;
    }
    setText(this.title, `Looking for players: ${titleOf(lobby.modes, activity.mode)}`);
    const others = activity.waiting - 1;
    setText(
      this.detail, others > 0 ? `${others} more waiting with you` : "You are the first one here",
    );
    const soon = activity.botsInS > 0 ? `Bots join in ${activity.botsInS} s` : "Bots are joining";
    setText(this.bots, soon);
  }
}
