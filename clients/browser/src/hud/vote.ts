/**
 * The vote for the next map, at the end of a round: a click or a key 1 to 4; the next round starts
 * by itself.
 */
import { button, element, Rebuilt, setText } from "../dom";
import { Phase, TICKS_PER_SECOND } from "../lexicon";
import type { HudView } from "./view";

export class VotePanel {
  readonly root = element("div", "vote");
  private readonly options = element("div", "vote-options");
  private readonly rows = new Rebuilt(this.options);
  private readonly note = element("p", "vote-note");

  constructor(private readonly choose: (option: number) => void) {
    this.root.append(element("h3", "", "Next map"), this.options, this.note);
    window.addEventListener("keydown", (event) => this.press(event));
  }

  draw(view: HudView): void {
    const { frame } = view;
    const own = view.own ? (view.me?.vote ?? -1) : -1;
    const counts = frame.voteMaps.map(
      (_, option) => frame.players.filter((player) => player.vote === option).length,
    );
    const titles = frame.voteMaps.map((map) => map.title);
    const key = [titles, counts, own, view.own].join();
    this.rows.show(key, () =>
      frame.voteMaps.map((map, option) => {
        const label = element("span", "", map.title);
        const made = button("vote-option", label, () => this.choose(option));
        made.prepend(element("kbd", "", String(option + 1)));
        made.append(element("b", "digits", String(counts[option] ?? 0)));
        made.disabled = !view.own;
        made.setAttribute("aria-pressed", String(option === own));
        return made;
      }),
    );
    const seconds = Math.max(0, Math.ceil((frame.phaseEndTick - frame.tick) / TICKS_PER_SECOND));
    const when = frame.phase === Phase.OVER ? "now" : `in ${seconds} s`;
    setText(this.note, `Rematch ${when}. You stay in without doing anything.`);
  }

  private press(event: KeyboardEvent): void {
    if (this.root.closest("[hidden]") !== null || event.repeat) return;
    const option = ["Digit1", "Digit2", "Digit3", "Digit4"].indexOf(event.code);
    if (option >= 0 && option < this.options.childElementCount) this.choose(option);
  }
}
