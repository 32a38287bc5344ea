/**
 * The golden vectors that Python made (tests/vectors): what both sides must agree on, bit for bit.
 */
import { readFileSync } from "node:fs";

export interface MessageVectors {
  valid: { channel: string; sender: string; type: string; fields: unknown[]; hex: string }[];
  invalid: { channel: string; sender: string; hex: string }[];
}

export interface ViewVector {
  tick: number;
  cards: number[][];
  bodies: number[][];
  shots: number[][];
  pads: number[][];
  match: number[];
  own: number[];
  events: number[][];
  teams: number[][];
  flags: number[][];
  circle: number[];
}

export interface SnapshotVectors {
  sequences: { name: string; slot: number; messages: { hex: string; view: ViewVector }[] }[];
}

export interface MovementVectors {
  plan: string[];
  walks: { start: number[]; steps: number[][] }[];
}

type TriggerStep = [
  ...[buttons: number, aim: number, x: number, y: number, weapon: number, ammo: number[]],
  ...[fireReadyTick: number, protectedUntilTick: number, events: number[][], velocity: number[]],
];

export interface TriggerVectors {
  lives: { x: number; y: number; ammo: number[]; phase: number; steps: TriggerStep[] }[];
}

export interface ArithmeticVectors {
  floorDivision: number[][];
  direction: number[][];
}

export interface MapVectors {
  maps: { text: string; walls: string; floor: string; pads: number[][] }[];
}

export type NetcodeSnapshot = [nowS: number, margin: number, view: ViewVector];

export type NetcodeFrame = [
  ...[nowS: number, wishes: number[][], ticks: number[], own: number[], others: number[][]],
  ...[shots: number[][], events: number[][], counts: number[], messages: number[][]],
];

export interface NetcodeVectors {
  plan: string[];
  scenes: { name: string; round_trip_s: number; steps: (NetcodeSnapshot | NetcodeFrame)[] }[];
}

export function readVectors<Vectors>(name: string): Vectors {
  const file = new URL(`../../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Vectors;
}
