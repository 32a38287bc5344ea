/**
 * A made-up fight: players wander, turn and shoot without any rules, so that everything that can be
 * drawn is drawn.
 *
 * Owns: synthetic `Frame`s. Invariant: the same seed gives the same fight, so that two pictures can
 * be compared.
 */
import { EventKind, Phase, TILE_UNITS, TURN, Weapon } from "../lexicon";
import type { Frame, GameEvent, ConnectionState, PlayerView, ShotView } from "../model";
import { isWall } from "../scene/walls";
import { NEVER_TICK, TUNING } from "../wire/generated";
import { playgroundArena } from "./arena";
import { modeObjectives, takeSides, type PlaygroundMode } from "./modes";

const NAMES = [
  "Ada", "Grace", "Linus", "Barbara", "Edsger", "Margaret", "Dennis", "Radia", "Ken", "Hedy",
  "Alan", "Katherine",
  "Donald", "Frances", "Niklaus", "Sophie",
];
const SHOT_TICKS_MAX = 90;
const SHOT_WEAPONS = [
  Weapon.BLASTER, Weapon.BLASTER, Weapon.BLASTER, Weapon.BLASTER, Weapon.DISC, Weapon.LAUNCHER,
];

export interface FightOptions {
  playerCount: number;
  shotCount: number;
  watching: boolean;
  wholeMap: boolean;
  phase: number;
  dead: boolean;
  mode: PlaygroundMode;
  connection: ConnectionState;
}

export class Fight {
  private readonly arena = playgroundArena();
  private readonly players: PlayerView[];
  private shots: (ShotView & { endTick: number })[] = [];
  private events: GameEvent[] = [];
  private random = 12345;
  private tick = 3000;
  private nextShot = 0;
  private readonly padReadyTicks = this.arena.pads.map((_, index) => (index % 3 === 1 ? 3500 : 0));

  constructor(private readonly options: FightOptions) {
    this.players = Array.from({ length: options.playerCount }, (_, slot) => this.newPlayer(slot));
    takeSides(options.mode, this.players);
  }

  next(deltaMs: number, nowMs: number): Frame {
    this.events = [];
    const ticks = deltaMs * 0.06;
    this.tick += ticks;
    for (const player of this.players) this.wander(player, ticks);
    this.flyShots(ticks);
    this.addEvents();
    return this.frame(deltaMs, nowMs);
  }

  private dice(): number {
    this.random = (Math.imul(this.random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return this.random / 0x7fffffff;
  }

  private newPlayer(slot: number): PlayerView {
    const self = slot === 0 && !this.options.watching;
    const place = slot === 0 ? { x: 24 * TILE_UNITS, y: 15 * TILE_UNITS } : this.freePlace();
    return {
      slot, name: NAMES[slot] ?? `Player ${slot}`, bot: slot % 3 === 2, connected: slot !== 5, self,
      seen: true,
      appeared: false,
      ...place, vx: 0, vy: 0, aim: Math.floor(this.dice() * TURN),
      alive: !(self && this.options.dead), dashing: false,
      protected: slot === 3, double: slot === 4, firing: false, weapon: slot === 0 ? 2 : slot % 5,
      health: slot === 0 ? 64 : 20 + Math.floor(this.dice() * 80), armour: slot % 2 === 0 ? 60 : 0,
      score: Math.max(0, 21 - slot - (slot === 0 ? 4 : 0)), kills: 24 - slot, deaths: 4 + slot,
      shots: 140, hits: 64 - slot * 3,
      streakBest: 5, medals: [1, 2, 4, 8, 3, 6][slot] ?? 0,
      place: self && this.options.dead && this.options.mode === "last" ? 5 : 0, team: 0,
      vote: slot % 4 === 3 ? -1 : slot % 3,
      pingMs: 12 + slot * 7,
    };
  }

  private freePlace(): { x: number; y: number } {
    for (;;) {
      const x = (14 + this.dice() * 20) * TILE_UNITS;
      const y = (9 + this.dice() * 13) * TILE_UNITS;
      if (!this.solid(x, y, 600)) return { x, y };
    }
  }

  private solid(x: number, y: number, radius: number): boolean {
    const tile = (at: number): number => Math.floor(at / TILE_UNITS);
    return [-radius, radius].some((right) =>
      [-radius, radius].some((down) => isWall(this.arena, tile(x + right), tile(y + down))),
    );
  }

  private wander(player: PlayerView, ticks: number): void {
    if (this.dice() < 0.03 || (player.vx === 0 && player.vy === 0)) {
      const angle = this.dice() * Math.PI * 2;
      player.vx = Math.cos(angle) * (player.slot === 0 ? 40 : 100);
      player.vy = Math.sin(angle) * (player.slot === 0 ? 40 : 100);
    }
    const [x, y] = [player.x + player.vx * ticks, player.y + player.vy * ticks];
    if (this.solid(x, y, 450)) {
      player.vx = -player.vx;
      player.vy = -player.vy;
    } else {
      player.x = x;
      player.y = y;
    }
    player.aim = (player.aim + ticks * 120 * Math.sin(this.tick / 50 + player.slot) + TURN) % TURN;
    player.dashing = Math.sin(this.tick / 20 + player.slot * 2) > 0.97;
  }

  private flyShots(ticks: number): void {
    for (const shot of this.shots) {
      shot.x += shot.vx * ticks;
      shot.y += shot.vy * ticks;
    }
    const flying = this.shots.filter(
      (shot) => !this.solid(shot.x, shot.y, 10) && shot.endTick > this.tick,
    );
    for (const shot of this.shots) {
      if (flying.includes(shot)) continue;
      const at = { x: shot.x, y: shot.y };
      const { owner, weapon } = shot;
      if (weapon === Weapon.LAUNCHER) this.emit(EventKind.EXPLODE, { ...at, owner });
      else if (weapon === Weapon.DISC) this.emit(EventKind.BOUNCE, at);
      else this.emit(EventKind.IMPACT, { ...at, weapon });
    }
    this.shots = flying;
    if (this.shots.length < this.options.shotCount) this.shoot();
  }

  private shoot(): void {
    const owner = this.players[Math.floor(this.dice() * this.players.length)];
    if (owner === undefined) return;
    const weapon = SHOT_WEAPONS[Math.floor(this.dice() * SHOT_WEAPONS.length)] ?? 0;
    const angle = (owner.aim / TURN) * Math.PI * 2;
    const speed = TUNING.weapons[weapon]?.speed ?? 0;
    this.shots.push({
      number: this.nextShot, x: owner.x, y: owner.y, owner: owner.slot, weapon, opacity: 1,
      vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed, endTick: this.tick + SHOT_TICKS_MAX,
    });
    this.nextShot += 1;
    this.emit(EventKind.FIRE, { slot: owner.slot, weapon });
  }

  private addEvents(): void {
    const any = (): PlayerView => {
      return this.players[Math.floor(this.dice() * this.players.length)] as PlayerView;
    };
    if (this.players.length < 2) return;
    const [attacker, victim] = [any(), any()];
    if (this.dice() < 0.03) {
      this.emit(EventKind.RAIL, {
        slot: attacker.slot, x: attacker.x, y: attacker.y, x2: victim.x, y2: victim.y,
      });
    }
    if (this.dice() < 0.03) this.emit(EventKind.SCATTER, {
      slot: victim.slot, x: victim.x, y: victim.y, aim: Math.floor(victim.aim),
    });
    if (this.dice() < 0.12) this.hit(this.dice() < 0.4 ? 0 : attacker.slot, victim);
    if (this.dice() < 0.02 && victim.slot !== 0) {
      this.emit(EventKind.KILL, {
        victim: victim.slot, killer: this.dice() < 0.4 ? 0 : attacker.slot,
        weapon: attacker.slot % 5, streak: 2,
      });
      this.emit(EventKind.SPAWN, { slot: victim.slot, x: victim.x, y: victim.y });
    }
    if (this.dice() < 0.01) this.emit(EventKind.PICKUP, {
      slot: 0, pad: Math.floor(this.dice() * this.arena.pads.length),
    });
    if (this.dice() < 0.02) this.hit(attacker.slot, this.players[0] as PlayerView);
    if (this.dice() < 0.005) this.emit(EventKind.MEDAL, { slot: 0, medal: 1 });
  }

  private hit(attacker: number, victim: PlayerView): void {
    const damage = [8, 12, 35, 75][Math.floor(this.dice() * 4)] ?? 8;
    this.emit(EventKind.HIT, {
      victim: victim.slot, attacker, weapon: attacker % 5, damage, x: victim.x, y: victim.y,
    });
  }

  private emit(kind: number, fields: Record<string, number>): void {
    this.events.push({ kind, tick: Math.floor(this.tick), fields });
  }

  private frame(deltaMs: number, nowMs: number): Frame {
    const { watching, wholeMap, phase, connection } = this.options;
    const tick = this.tick;
    const cycle = Math.floor(tick / 80) * 80;
    const left: Record<number, number> = {
      [Phase.COUNTDOWN]: 150, [Phase.SCOREBOARD]: 380, [Phase.PLAY]: 14_000,
    };
    return {
      tick, nowMs, deltaMs, arena: this.arena, mode: this.options.mode, phase,
      phaseEndTick: phase === Phase.WARMUP ? 0 : 3000 + (left[phase] ?? 4000),
      winner: phase === Phase.SCOREBOARD ? 0 : -1, playersMin: 2, scoreLimit: 25,
      ...modeObjectives(this.options.mode, this.arena, this.players, tick),
      voteMaps: [
        { name: "crossfire", title: "Crossfire" }, { name: "foundry", title: "Foundry" },
        { name: "orbit", title: "Orbit" },
      ],
      players: this.players, shots: this.shots, padReadyTicks: this.padReadyTicks,
      self: watching ? null : {
        slot: 0, ammo: [-1, 14, 6, 0, 9], fireReadyTick: cycle + 60, dashReadyTick: cycle + 60,
        protectedUntilTick: 0, doubleUntilTick: 3700, respawnTick: this.options.mode === "last" ? NEVER_TICK : tick + 70,
      },
      follow: wholeMap ? -1 : this.options.dead ? 1 : 0,
      events: this.events, net: this.net(), connection, notice: null,
    };
  }

  private net(): Frame["net"] {
    const history = Array.from({ length: 240 }, (_, index) => ({
      pingMs: 34 + Math.sin((index + this.tick) / 9) * 6 + (index % 53 === 0 ? 40 : 0),
      marginTicks: 1 + Math.round(Math.sin((index + this.tick) / 14)),
      snapshotBytes: 90 + Math.round(Math.abs(Math.sin((index + this.tick) / 6)) * 70),
      corrected: index % 61 === 0,
    }));
    return {
      pingMs: 34, jitterMs: 3, marginTicks: 1, snapshotBytes: 118, snapshotsPerSecond: 30,
      correctionsTotal: 3, correctionsUnforced: 0,
      correctionUnits: 14, interpolationTicks: 4, history,
    };
  }
}
