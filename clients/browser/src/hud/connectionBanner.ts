/** Problems of the connection, with a countdown; and notices from the server. */
import { element, setShown, setText } from "../dom";
import type { HudView, Widget } from "./view";

export class ConnectionBanner implements Widget {
  readonly root = element("section", "connection");
  private readonly lost = element("div", "lost");
  private readonly title = element("b", "");
  private readonly detail = element("span", "");
  private readonly notice = element("div", "notice");

  constructor() {
    this.lost.setAttribute("role", "alert");
    this.notice.setAttribute("role", "status");
    this.lost.append(element("i", "spinner"), element("div", "", this.title, this.detail));
    this.root.append(this.lost, this.notice);
  }

  draw(view: HudView): void {
    const { connection, notice, nowMs } = view.frame;
    setShown(this.lost, connection.kind !== "online");
    this.lost.classList.toggle("ended", connection.kind === "ended");
    if (connection.kind === "retrying") {
      const seconds = Math.max(0, Math.ceil(connection.inMs / 1000));
      const when = seconds > 0 ? `trying again in ${seconds} s` : "trying now";
      setText(this.title, `Connection lost: ${when} (attempt ${connection.attempt})`);
      setText(
        this.detail,
        `${asSentence(connection.reason)}Your seat is kept for a minute.`,
      );
    } else if (connection.kind === "connecting") {
      setText(this.title, "Connecting…");
      setText(this.detail, "");
    } else if (connection.kind === "ended") {
      setText(this.title, "The connection has ended");
      setText(this.detail, connection.reason);
    } else if (connection.kind === "offline") {
      setText(this.title, "Not connected");
      setText(this.detail, "");
    }
    const told = notice !== null && notice.untilMs > nowMs;
    setShown(this.notice, told);
    if (told && notice !== null) {
      const seconds = Math.ceil((notice.untilMs - nowMs) / 1000);
      setText(this.notice, `${notice.text} (${seconds} s)`);
    }
  }
}

/** The tail of a sentence as one of its own. */
function asSentence(reason: string): string {
  if (reason === "") return "";
  const end = reason.endsWith(".") ? " " : ". ";
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${end}`;
}
