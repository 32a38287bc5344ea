/**
 * From a round to what one frame shows of its players.
 *
 * Owns: the choice, for every player, between foretold (oneself) and interpolated (all others), and
 * the names beside the numbers. Must not know: sockets, drawing.
 */
import type { PlayerView, SelfView } from "../model";
import { playerRecord, type PlayerRecord } from "../sim/records";
import type { Pose } from "../sim/interpolation";
import type { Fighter } from "../sim/weapons";
import { Button, Status, type MatchServerRoster } from "../wire/generated";
import type { Round } from "./round";

export type RosterRow = MatchServerRoster["rows"][number];
export type Roster = ReadonlyMap<number, RosterRow>;

/** The moment a frame shows: `ownTick` for oneself, `othersTick` for all others. */
export interface Moment {
  ownTick: number;
  othersTick: number;
}

/** All players of the newest snapshot, in ascending order of slots. */
export function playerViews(round: Round, roster: Roster, moment: Moment): PlayerView[] {
  const views: PlayerView[] = [];
  for (const [slot, values] of round.view?.players ?? []) {
    const newest = playerRecord(values);
    const self = slot === round.slot ? round.prediction.self : null;
    const pose =
      self === null
        ? round.interpolation.drawnAt(slot, moment.othersTick)
        : ownPose(round, self, newest, moment.ownTick);
    // Somebody who joined a moment ago: he will be there when the others' time reaches him.
    if (pose === null) continue;
    views.push(playerView(newest, pose, identity(slot, roster.get(slot), self !== null)));
  }
  return views;
}

/** What only oneself knows, as foretold; null for a watcher. */
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

function ownPose(
  round: Round,
  self: Readonly<Fighter>,
  newest: PlayerRecord,
  ownTick: number,
): Pose {
  const { x, y } = round.prediction.placeAt(ownTick);
  const flag = (bit: number, on: boolean): number => (on ? bit : 0);
  const tick = round.prediction.tick;
  const status =
    (newest.status & (Status.CONNECTED | Status.BOT | Status.IN_MATCH)) |
    flag(Status.ALIVE, self.alive) |
    flag(Status.DASHING, tick < self.dashUntilTick) |
    flag(Status.PROTECTED, tick < self.protectedUntilTick) |
    flag(Status.DOUBLE, tick < self.doubleUntilTick) |
    flag(Status.FIRING, (self.buttons & Button.FIRE) !== 0) |
    (self.weapon << Status.WEAPON_SHIFT);
  return { x, y, vx: self.vx, vy: self.vy, aim: self.aim, status };
}

function playerView(newest: PlayerRecord, pose: Pose, who: Identity): PlayerView {
  const { health, armour, score, kills, deaths, shots, hits, streakBest, medals } = newest;
  const { place, team, vote } = newest;
  const has = (bit: number): boolean => (pose.status & bit) !== 0;
  return {
    ...who,
    x: pose.x,
    y: pose.y,
    vx: pose.vx,
    vy: pose.vy,
    aim: pose.aim,
    alive: has(Status.ALIVE),
    dashing: has(Status.DASHING),
    protected: has(Status.PROTECTED),
    double: has(Status.DOUBLE),
    firing: has(Status.FIRING),
    weapon: pose.status >> Status.WEAPON_SHIFT,
    bot: (newest.status & Status.BOT) !== 0,
    connected: (newest.status & Status.CONNECTED) !== 0,
    ...{ health, armour, score, kills, deaths, shots, hits, streakBest, medals },
    ...{ place, team, vote },
  };
}
