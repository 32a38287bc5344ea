/**
 * Loudness, place and number of sounds: distance fades, sides pan, and only so many voices sound at
 * once.
 *
 * Owns: the audio context. Policy when all voices are busy: refuse, the new sound is left out.
 * Invariant: without audio, or before the first gesture of the person, every call does nothing and
 * throws nothing.
 */
import { Synth, type Recipe } from "./synth";

export interface Placement {
  gain: number; // 0 … 1
  pan: number; // -1 left … 1 right
}

export const CENTRE: Placement = { gain: 1, pan: 0 };

const VOICES_MAX = 28;
const AUDIBLE_GAIN_MIN = 0.02;
const HEARD_TILES = 26;
const NEAR_TILES = 3; // closer than this nothing gets louder
const PAN_TILES = 14; // at this distance to the side, panning is at its most
const VOLUME_GLIDE_S = 0.03;
const STUCK_MS = 2_000;
const PITCH_SPREAD = 0.06; // no two shots sound quite alike

export class Mixer {
  private context: AudioContext | null = null;
  private master: GainNode | null = null;
  private synth: Synth | null = null;
  private volume = 1;
  private voiceEndsS: number[] = [];
  private looked = { atMs: 0, playedS: -1 }; // how far it had played at the last look

  /** Call from a gesture: browsers let a page sound only then. */
  unlock(nowMs: number = performance.now()): void {
    try {
      if (this.context === null || this.isDead(nowMs)) this.open();
      this.wake();
    } catch {
      this.context = null; // no audio device: the game is silent, and goes on
    }
  }

  /**
   * Go on after the system took the sound away: a phone call, a locked screen, a hidden page. It
   * says so by a state, and often does not say when it is over; call at any sign that it may be.
   */
  wake(): void {
    const { context } = this;
    if (context === null || context.state === "running" || context.state === "closed") return;
    void context.resume().catch(() => undefined);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (this.context === null) return;
    this.master?.gain.setTargetAtTime(volume * volume, this.context.currentTime, VOLUME_GLIDE_S);
  }

  play(recipe: Recipe, placement: Placement = CENTRE): void {
    const { context, master, synth } = this;
    if (context === null || master === null || synth === null || context.state !== "running") {
      return;
    }
    if (this.volume === 0 || placement.gain < AUDIBLE_GAIN_MIN) return;
    const nowS = context.currentTime;
    this.voiceEndsS = this.voiceEndsS.filter((endS) => endS > nowS);
    if (this.voiceEndsS.length >= VOICES_MAX) return;
    const gain = context.createGain();
    gain.gain.value = placement.gain;
    const panner = context.createStereoPanner();
    panner.pan.value = placement.pan;
    gain.connect(panner).connect(master);
    const pitch = 1 + (Math.random() - 0.5) * PITCH_SPREAD;
    this.voiceEndsS.push(synth.play(recipe, gain, nowS, pitch));
  }

  /** Closed; or it says that it runs, and its time stands still: its device is gone. */
  private isDead(nowMs: number): boolean {
    const { context, looked } = this;
    if (context === null) return false;
    if (nowMs - looked.atMs < STUCK_MS && context.state !== "closed") return false;
    const hasMoved = context.currentTime !== looked.playedS;
    this.looked = { atMs: nowMs, playedS: context.state === "running" ? context.currentTime : -1 };
    return context.state === "closed" || !hasMoved;
  }

  private open(): void {
    const before = this.context;
    if (before !== null && before.state !== "closed") void before.close().catch(() => undefined);
    this.voiceEndsS = [];
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.context.onstatechange = () => {
      this.wake();
    };
    const limiter = this.context.createDynamicsCompressor(); // many blasts at once must not clip
    this.master = this.context.createGain();
    this.master.gain.value = this.volume * this.volume;
    this.master.connect(limiter).connect(this.context.destination);
    this.synth = new Synth(this.context);
  }
}

/**
 * How loud and from which side something sounds that is so many tiles to the right and below the
 * listener.
 */
export function placementOf(rightTiles: number, downTiles: number): Placement {
  const distance = Math.hypot(rightTiles, downTiles);
  const share = Math.max(0, 1 - Math.max(0, distance - NEAR_TILES) / (HEARD_TILES - NEAR_TILES));
  const pan = Math.max(-1, Math.min(1, rightTiles / PAN_TILES));
  return { gain: share * share, pan: pan * 0.8 };
}
