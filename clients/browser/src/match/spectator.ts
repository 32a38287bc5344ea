/**
 * The player that a spectator, or a player whose only life is over, follows. Invariant: always a
 * player of the match, or none (the whole map).
 */
import { cardRecord, isAlive } from "../rules/records";
import type { Round } from "../netcode/round";

const NOBODY = -1;

export class Spectator {
  private wanted: number | null = null;

  /** The slot to view: a player views themselves. */
  slot(round: Round): number {
    if (!round.isWatching && !round.isOut) return round.slot;
    const slots = slotsOf(round);
    if (this.wanted === NOBODY) return NOBODY;
    if (this.wanted !== null && slots.includes(this.wanted)) return this.wanted;
    return slots[0] ?? NOBODY;
  }

  /** View the next or the previous player; the whole map comes between last and first. */
  step(round: Round, by: 1 | -1): void {
    if (!round.isWatching && !round.isOut) return;
    const choices = [NOBODY, ...slotsOf(round)];
    const at = choices.indexOf(this.slot(round));
    this.wanted = choices[(at + by + choices.length) % choices.length] ?? NOBODY;
  }
}

/** Everybody, for a spectator; those who still fight, for a player who is out. */
function slotsOf(round: Round): number[] {
  const players = [...(round.view?.cards ?? [])];
  const shown = round.isOut ? players.filter(([, row]) => isAlive(cardRecord(row))) : players;
  return shown.map(([slot]) => slot);
}
