/**
 * From a round to what one frame shows of its players.
 *
 * Owns: the choice, for every player, between predicted (the local player) and interpolated (all
 * others), and the names beside the numbers. Must not know: sockets, drawing.
 */
import type { PlayerView, SelfView } from "../model";
import { bodyRecord, cardRecord, ownRecord, type BodyRecord, type CardRecord } from "../rules/records";
import type { Pose } from "../netcode/interpolation";
import type { Fighter } from "../rules/weapons";
import { Button, Status, type MatchServerRoster } from "../wire/generated";
import type { Round } from "../netcode/round";

export type RosterRow = MatchServerRoster["rows"][number];
export type Roster = ReadonlyMap<number, RosterRow>;

/** The moment a frame shows: `ownTick` for the local player, `othersTick` for all others. */
export interface Moment {
  ownTick: number;
  othersTick: number;
}

/**
 * All players of the newest snapshot, in ascending order of slots, whether they are seen or not.
 * The local player's accuracy is known at once, the others' when the round is over.
 */
export function playerViews(round: Round, roster: Roster, moment: Moment): PlayerView[] {
  const views: PlayerView[] = [];
  for (const [slot, values] of round.view?.cards ?? []) {
    const self = slot === round.slot ? round.prediction.self : null;
    // A player who has just come into sight appears when the others' time reaches that moment.
    const pose =
      self === null
        ? round.interpolation.drawnAt(slot, moment.othersTick)
        : ownPose(round, self, moment.ownTick);
    const body = round.view?.bodies.get(slot);
    const appeared = self === null && round.interpolation.appeared(slot);
    const sight = { pose, body: body === undefined ? null : bodyRecord(body), appeared };
    const card = cardRecord(values);
    if (self !== null) Object.assign(card, ownAccuracy(round));
    views.push(playerView(card, sight, identity(slot, roster.get(slot), self !== null)));
  }
  return views;
}

function ownAccuracy(round: Round): Pick<CardRecord, "shots" | "hits"> {
  const { shots, hits } = ownRecord(round.view?.own ?? []);
  return { shots, hits };
}

/** The local player's private state, as predicted; null for a watcher. */
export function selfView(round: Round): SelfView | null {
  const self = round.prediction.self;
  if (self === null || round.isWatching) return null;
  const { fireReadyTick, dashReadyTick, protectedUntilTick, doubleUntilTick, respawnTick } = self;
  return {
    slot: round.slot,
    ammo: [-1, ...self.ammo.slice(1)],
    ...{ fireReadyTick, dashReadyTick, protectedUntilTick, doubleUntilTick, respawnTick },
  };
}

type Identity = Pick<PlayerView, "slot" | "name" | "self" | "pingMs">;

function identity(slot: number, row: RosterRow | undefined, self: boolean): Identity {
  return {
    slot,
    self,
    name: row?.name ?? `Player ${(slot + 1).toString()}`,
    pingMs: row?.pingMs ?? 0,
  };
}

function ownPose(round: Round, self: Readonly<Fighter>, ownTick: number): Pose {
  const { x, y } = round.prediction.positionAt(ownTick);
  const flag = (bit: number, on: boolean): number => (on ? bit : 0);
  const tick = round.prediction.tick;
  const status =
    flag(Status.ALIVE, self.alive) |
    flag(Status.DASHING, tick < self.dashUntilTick) |
    flag(Status.PROTECTED, tick < self.protectedUntilTick) |
    flag(Status.DOUBLE, tick < self.doubleUntilTick) |
    flag(Status.FIRING, (self.buttons & Button.FIRE) !== 0) |
    (self.weapon << Status.WEAPON_SHIFT);
  return { x, y, vx: self.vx, vy: self.vy, aim: self.aim, status };
}

/** How a player is drawn, and their body in the newest snapshot. */
interface Sight {
  pose: Pose | null;
  body: BodyRecord | null;
  appeared: boolean;
}

function playerView(card: CardRecord, sight: Sight, who: Identity): PlayerView {
  const { pose, body, appeared } = sight;
  const { score, kills, deaths, shots, hits, streakBest, medals } = card;
  const { place, team, vote } = card;
  const { x, y, vx, vy, aim, status } = pose ?? { ...UNSEEN, status: card.status & Status.ALIVE };
  const has = (bit: number): boolean => (status & bit) !== 0;
  return {
    ...who,
    seen: pose !== null,
    appeared,
    ...{ x, y, vx, vy, aim },
    alive: has(Status.ALIVE),
    dashing: has(Status.DASHING),
    protected: has(Status.PROTECTED),
    double: has(Status.DOUBLE),
    firing: has(Status.FIRING),
    weapon: status >> Status.WEAPON_SHIFT,
    bot: (card.status & Status.BOT) !== 0,
    connected: (card.status & Status.CONNECTED) !== 0,
    health: body?.health ?? 0,
    armour: body?.armour ?? 0,
    ...{ score, kills, deaths, shots, hits, streakBest, medals },
    ...{ place, team, vote },
  };
}

const UNSEEN = { x: 0, y: 0, vx: 0, vy: 0, aim: 0 };
