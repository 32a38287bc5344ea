/**
 * Inputs on their way up: two ticks to a message, thirty messages a second.
 *
 * Owns: the steps not yet sent. Invariant: the steps of a message are for ticks that follow each
 * other.
 */
import type { TickInput } from "../sim/inputHistory";
import { VIEW_LAG_MAX, type MatchClientMessage } from "../wire/generated";

const STEPS_PER_MESSAGE = 2;

export class InputSender {
  private firstTick = 0;
  private steps: TickInput[] = [];

  constructor(private readonly send: (message: MatchClientMessage) => void) {}

  /** The input for `tick`, given while the others were drawn at `othersTick`. */
  put(tick: number, input: TickInput, othersTick: number): void {
    if (this.steps.length > 0 && tick !== this.firstTick + this.steps.length) this.clear();
    if (this.steps.length === 0) this.firstTick = tick;
    this.steps.push({ buttons: input.buttons, aim: input.aim });
    if (this.steps.length < STEPS_PER_MESSAGE) return;
    const lag = Math.round(this.firstTick - othersTick);
    const viewLag = Math.max(0, Math.min(VIEW_LAG_MAX, lag));
    this.send({ type: "input", firstTick: this.firstTick, viewLag, steps: this.steps });
    this.clear();
  }

  /** Time jumped, or the connection is another one. */
  clear(): void {
    this.steps = [];
  }
}
