/**
 * Arrows at the edge of the screen: to flags that are out of sight, and back into the circle.
 *
 * Must not know the rules: it points at what the frame has. In CSS pixels, over everything.
 */
import { Container, type Sprite } from "pixi.js";

import type { Atlas } from "./atlas";
import { PX_PER_UNIT } from "./camera";
import type { DrawContext } from "./context";
import { spriteOf } from "./sprites";

const INSET_PX = 44; // from the edge; the HUD's corners are farther in, and lie above
const HUD_TOP_PX = 84;
const HUD_BOTTOM_PX = 96;

interface Target {
  x: number; // units
  y: number;
  colour: number;
  cell: string | null;
  opacity: number;
}

interface ArrowSprites {
  root: Container;
  arrow: Sprite;
  sign: Sprite;
}

export class ArrowLayer {
  readonly container = new Container();
  private readonly arrows: ArrowSprites[] = [];

  constructor(private readonly atlas: Atlas) {}

  draw(context: DrawContext): void {
    const targets = context.frame.follow < 0 ? [] : targetsOf(context);
    const { width, height } = context.camera.size;
    let used = 0;
    for (const target of targets) {
      const at = context.camera.onScreen(target.x * PX_PER_UNIT, target.y * PX_PER_UNIT);
      const isSeen = at.x > 0 && at.y > 0 && at.x < width && at.y < height;
      if (isSeen && target.cell !== null) continue;
      this.point(this.at(used), target, at, { width, height });
      used += 1;
    }
    for (const { root } of this.arrows.slice(used)) root.visible = false;
  }

  private point(
    { root, arrow, sign }: ArrowSprites,
    target: Target,
    at: { x: number; y: number },
    size: { width: number; height: number },
  ): void {
    const [x, y] = [size.width / 2, size.height / 2];
    const [dx, dy] = [at.x - x, at.y - y];
    const reachY = dy < 0 ? y - HUD_TOP_PX : y - HUD_BOTTOM_PX;
    const share = Math.min(
      (x - INSET_PX) / Math.max(1, Math.abs(dx)),
      Math.max(40, reachY) / Math.max(1, Math.abs(dy)),
      1,
    );
    root.visible = true;
    root.alpha = target.opacity;
    root.position.set(x + dx * share, y + dy * share);
    const angle = Math.atan2(dy, dx);
    arrow.rotation = angle;
    arrow.tint = target.colour;
    arrow.position.set(Math.cos(angle) * 14, Math.sin(angle) * 14);
    sign.visible = target.cell !== null;
    if (target.cell === null) return;
    sign.texture = this.atlas.cell(target.cell);
    sign.tint = target.colour;
    sign.position.set(-Math.cos(angle) * 16, -Math.sin(angle) * 16);
  }

  private at(index: number): ArrowSprites {
    let arrow = this.arrows[index];
    if (arrow === undefined) {
      const root = new Container();
      this.container.addChild(root);
      arrow = {
        root,
        arrow: spriteOf(this.atlas, "arrow", 0.55, root),
        sign: spriteOf(this.atlas, "flagCloth", 0.36, root),
      };
      this.arrows.push(arrow);
    }
    return arrow;
  }
}

function targetsOf(context: DrawContext): Target[] {
  const { frame, scheme } = context;
  const targets: Target[] = frame.flags
    .filter((flag) => flag.seen && flag.carrier !== frame.follow)
    .map(({ team, x, y, state }) => ({
      ...{ x, y, colour: context.colourOfSide(team), cell: "flagCloth" },
      opacity: state === "home" ? 0.6 : 1,
    }));
  const viewer = context.player(frame.follow);
  if (frame.circle === null || viewer === undefined) return targets;
  const { now } = frame.circle;
  if (Math.hypot(viewer.x - now.x, viewer.y - now.y) <= now.radius) return targets;
  return [...targets, { x: now.x, y: now.y, colour: scheme.danger, cell: null, opacity: 1 }];
}
