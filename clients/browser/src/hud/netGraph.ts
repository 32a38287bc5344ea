/**
 * The connection in numbers and small graphs: ping, margin, bytes per snapshot, corrections.
 * On a key.
 */
import { canvas, element, setShown, setText } from "../dom";
import type { NetStats } from "../model";
import { cssColour } from "../styles/palette";
import type { HudView, Widget } from "./view";

const WIDTH_PX = 216;
const HEIGHT_PX = 30;
const SAMPLES_MAX = 240;
const EVERY_MS = 100;

interface Graph {
  root: HTMLElement;
  value: HTMLElement;
  context: CanvasRenderingContext2D | null;
  view: HTMLCanvasElement;
}

export class NetGraph implements Widget {
  readonly root = element("section", "net-graph");
  private readonly ping = graph("Ping");
  private readonly margin = graph("Input margin");
  private readonly bytes = graph("Snapshot");
  private readonly corrections = element("div", "net-line");
  private drawnMs = -Infinity;

  constructor() {
    this.root.append(this.ping.root, this.margin.root, this.bytes.root, this.corrections);
  }

  draw(view: HudView): void {
    const { frame, scheme, switches } = view;
    setShown(this.root, switches.netGraph);
    if (!switches.netGraph || frame.nowMs - this.drawnMs < EVERY_MS) return;
    this.drawnMs = frame.nowMs;
    const { net } = frame;
    setText(this.ping.value, `${Math.round(net.pingMs)} ms ± ${Math.round(net.jitterMs)}`);
    setText(this.margin.value, `${net.marginTicks.toFixed(1)} ticks`);
    setText(this.bytes.value, `${net.snapshotBytes} B × ${Math.round(net.snapshotsPerSecond)}/s`);
    const size = net.correctionsTotal > 0 ? `, last ${Math.round(net.correctionUnits)} units` : "";
    const unforced = `${net.correctionsUnforced} unforced`;
    const delay = `others drawn ${net.interpolationTicks.toFixed(1)} ticks late`;
    setText(this.corrections, `${net.correctionsTotal} corrections${size}, ${unforced} · ${delay}`);
    const history = net.history.slice(-SAMPLES_MAX);
    plot(this.ping, history, (sample) => sample.pingMs, cssColour(scheme.accent));
    plot(this.margin, history, (sample) => sample.marginTicks + 4, cssColour(scheme.armour));
    plot(this.bytes, history, (sample) => sample.snapshotBytes, cssColour(scheme.warm));
    markCorrections(this.ping, history, cssColour(scheme.danger));
  }
}

type Sample = NetStats["history"][number];

function graph(title: string): Graph {
  const { view, context } = canvas("", WIDTH_PX, HEIGHT_PX);
  const value = element("b", "digits");
  const head = element("div", "net-line", element("span", "", title), value);
  return { root: element("div", "net-row", head, view), value, context, view };
}

function plot(
  target: Graph,
  history: Sample[],
  valueOf: (sample: Sample) => number,
  colour: string,
): void {
  const { context } = target;
  if (context === null) return;
  context.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
  const top = Math.max(1, ...history.map(valueOf)) * 1.15;
  context.beginPath();
  const first = SAMPLES_MAX - history.length;
  history.forEach((sample, index) => {
    const x = ((first + index) / SAMPLES_MAX) * WIDTH_PX;
    context.lineTo(x, HEIGHT_PX - (Math.max(0, valueOf(sample)) / top) * HEIGHT_PX);
  });
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.lineTo(WIDTH_PX, HEIGHT_PX);
  context.lineTo((first / SAMPLES_MAX) * WIDTH_PX, HEIGHT_PX);
  context.globalAlpha = 0.16;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

function markCorrections(target: Graph, history: Sample[], colour: string): void {
  const { context } = target;
  if (context === null) return;
  context.fillStyle = colour;
  const first = SAMPLES_MAX - history.length;
  history.forEach((sample, index) => {
    const x = ((first + index) / SAMPLES_MAX) * WIDTH_PX;
    if (sample.corrected) context.fillRect(x, 0, 2, HEIGHT_PX);
  });
}
