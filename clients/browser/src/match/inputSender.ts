/**
 * Inputs on their way up: two new ticks to a message, thirty messages a second, and with them the
 * two of the message before, so that one which was lost or held back costs nothing.
 *
 * Owns: the steps not yet sent, and the last ones that were. Invariant: the steps of a message are
 * for ticks that follow each other.
 */
import type { TickInput } from "../sim/inputHistory";
import { VIEW_LAG_MAX, type MatchClientMessage } from "../wire/generated";

const STEPS_PER_MESSAGE = 2;
const STEPS_REPEATED = 2;

export class InputSender {
  private firstTick = 0;
  private steps: TickInput[] = []; // first those that were sent before
  private sentCount = 0;

  constructor(private readonly send: (message: MatchClientMessage) => void) {}

  /** The input for `tick`, given while the others were drawn at `othersTick`. */
  put(tick: number, input: TickInput, othersTick: number): void {
    if (tick !== this.firstTick + this.steps.length) this.clear();
    if (this.steps.length === 0) this.firstTick = tick;
    this.steps.push({ buttons: input.buttons, aim: input.aim });
    if (this.steps.length < this.sentCount + STEPS_PER_MESSAGE) return;
    const lag = Math.round(this.firstTick + this.sentCount - othersTick);
    const viewLag = Math.max(0, Math.min(VIEW_LAG_MAX, lag));
    this.send({ type: "input", firstTick: this.firstTick, viewLag, steps: this.steps });
    this.steps = this.steps.slice(-STEPS_REPEATED);
    this.firstTick = tick - this.steps.length + 1;
    this.sentCount = this.steps.length;
  }

  /** Time jumped, or the connection is another one. */
  clear(): void {
    this.steps = [];
    this.sentCount = 0;
  }
}
