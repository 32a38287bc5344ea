/**
 * The voices of the synthesiser: tones that glide, and noise through a filter, each with an
 * envelope.
 *
 * Owns: how a sound is made from oscillators and one second of noise. Must not know the game.
 * Invariant: every node that is started is given its end at once, so that nothing keeps sounding or
 * is leaked.
 */

export interface Tone {
  wave: OscillatorType;
  fromHz: number;
  toHz?: number;
  lengthS: number;
  gain: number;
  attackS?: number;
  delayS?: number;
}

export interface Hiss {
  filter: BiquadFilterType;
  fromHz: number;
  toHz?: number;
  quality?: number;
  lengthS: number;
  gain: number;
  attackS?: number;
  delayS?: number;
}

/** The parameters of a sound. */
export interface Recipe {
  tones?: readonly Tone[];
  hisses?: readonly Hiss[];
}

const NOISE_S = 1;
const SILENCE = 0.0001; // exponential ramps cannot reach zero
const ATTACK_S = 0.003;

export class Synth {
  private readonly noise: AudioBuffer;

  constructor(private readonly context: BaseAudioContext) {
    this.noise = context.createBuffer(1, context.sampleRate * NOISE_S, context.sampleRate);
    const samples = this.noise.getChannelData(0);
    for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 2 - 1;
  }

  /** Plays into `output`; returns when it will have ended, in the context's seconds. */
  play(recipe: Recipe, output: AudioNode, startS: number, pitch: number): number {
    let endS = startS;
    for (const tone of recipe.tones ?? []) {
      endS = Math.max(endS, this.tone(tone, output, startS, pitch));
    }
    for (const hiss of recipe.hisses ?? []) {
      endS = Math.max(endS, this.hiss(hiss, output, startS, pitch));
    }
    return endS;
  }

  private tone(tone: Tone, output: AudioNode, startS: number, pitch: number): number {
    const beginS = startS + (tone.delayS ?? 0);
    const endS = beginS + tone.lengthS;
    const oscillator = this.context.createOscillator();
    oscillator.type = tone.wave;
    oscillator.frequency.setValueAtTime(tone.fromHz * pitch, beginS);
    oscillator.frequency.exponentialRampToValueAtTime((tone.toHz ?? tone.fromHz) * pitch, endS);
    oscillator.connect(this.envelope(tone, beginS, endS)).connect(output);
    oscillator.start(beginS);
    oscillator.stop(endS);
    return endS;
  }

  private hiss(hiss: Hiss, output: AudioNode, startS: number, pitch: number): number {
    const beginS = startS + (hiss.delayS ?? 0);
    const endS = beginS + hiss.lengthS;
    const source = this.context.createBufferSource();
    source.buffer = this.noise;
    source.loop = true;
    const filter = this.context.createBiquadFilter();
    filter.type = hiss.filter;
    filter.Q.value = hiss.quality ?? 0.8;
    filter.frequency.setValueAtTime(hiss.fromHz * pitch, beginS);
    filter.frequency.exponentialRampToValueAtTime((hiss.toHz ?? hiss.fromHz) * pitch, endS);
    source.connect(filter).connect(this.envelope(hiss, beginS, endS)).connect(output);
    source.start(beginS, Math.random() * NOISE_S);
    source.stop(endS);
    return endS;
  }

  private envelope(
    shape: { gain: number; attackS?: number },
    beginS: number,
    endS: number,
  ): GainNode {
    const gain = this.context.createGain();
    const peakS = Math.min(endS, beginS + (shape.attackS ?? ATTACK_S));
    gain.gain.setValueAtTime(SILENCE, beginS);
    gain.gain.exponentialRampToValueAtTime(Math.max(SILENCE, shape.gain), peakS);
    gain.gain.exponentialRampToValueAtTime(SILENCE, endS);
    return gain;
  }
}
