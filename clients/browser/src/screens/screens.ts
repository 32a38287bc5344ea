/**
 * The pages around a match: start, queue, room, seating, settings, and the menu within a match.
 *
 * Owns: which of them is seen. Must not know sockets: it asks through `Actions` and shows
 * `LobbyState`. Invariant: the focus goes to the first thing one can do whenever another screen
 * comes up.
 */
import "../styles/base.css";
import "../styles/screens.css";
import "../styles/lobby.css";
import "../styles/start.css";
import "../styles/dialogs.css";

import { setShown } from "../dom";
import type { Actions, LobbyState } from "../model";
import type { Settings } from "../settings";
import { applyScheme } from "../styles/palette";
import { Backdrop } from "./backdrop";
import { MatchMenu } from "./matchMenu";
import { QueueScreen } from "./queue";
import { RoomScreen } from "./room";
import type { Screen } from "./screen";
import { SettingsDialog } from "./settingsDialog";
import { StartScreen } from "./start";
import { Toasts } from "./toasts";

type Activity = LobbyState["activity"]["kind"];

export class Screens {
  private readonly screens: Record<Exclude<Activity, "playing" | "replaying">, Screen>;
  private readonly backdrop: Backdrop;
  private readonly toasts = new Toasts();
  private readonly menu: MatchMenu;
  private readonly dialog: SettingsDialog;
  private shown: Activity | null = null;
  private watching = false;

  constructor(
    private readonly root: HTMLElement,
    actions: Actions,
    private readonly settings: Settings,
  ) {
    this.dialog = new SettingsDialog(settings);
    this.backdrop = new Backdrop(settings);
    this.menu = new MatchMenu(actions, () => this.dialog.open());
    const queue = new QueueScreen(actions);
    this.screens = {
      idle: new StartScreen(actions, settings, () => this.dialog.open()),
      queued: queue,
      seating: queue,
      room: new RoomScreen(actions),
    };
    root.replaceChildren(
      this.backdrop.root,
      ...new Set(Object.values(this.screens).map((screen) => screen.root)),
      this.menu.root,
      this.dialog.root,
      this.toasts.root,
    );
    this.colour();
    settings.onChange(() => this.colour());
    root.classList.add("screens");
  }

  show(lobby: LobbyState): void {
    const { kind } = lobby.activity;
    const isReplay = kind === "replaying";
    const current = kind === "playing" || isReplay ? null : this.screens[kind];
    for (const screen of Object.values(this.screens)) setShown(screen.root, screen === current);
    this.backdrop.run(current !== null);
    document.body.classList.toggle("playing", current === null);
    document.body.classList.toggle("replaying", isReplay);
    current?.show(lobby);
    this.watching = lobby.activity.kind === "playing" && lobby.activity.watching;
    this.menu.show(kind === "playing", this.watching);
    this.toasts.show(lobby.error);
    if (kind !== this.shown) this.focus(current);
    this.shown = kind;
  }

  /** The menu within a match: resume, settings, leave. */
  toggleMenu(): void {
    if (this.shown === "playing") this.menu.toggle();
  }

  offerFollowing(isFollowing: boolean): void {
    this.menu.offerFollowing(isFollowing);
  }

  /** True while a menu or the settings lie over the match: keys and clicks belong to them. */
  get isMenuOpen(): boolean {
    return this.menu.isOpen || this.dialog.isOpen;
  }

  openSettings(): void {
    this.dialog.open();
  }

  private focus(screen: Screen | null): void {
    if (this.dialog.isOpen) return;
    const first = screen?.root.querySelector<HTMLElement>("[data-first]");
    if (first === undefined || first === null) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      return;
    }
    first.focus({ preventScroll: true });
  }

  private colour(): void {
    applyScheme(document.documentElement, this.settings.values);
    this.root.classList.toggle("calm", this.settings.values.reducedMotion);
  }
}
