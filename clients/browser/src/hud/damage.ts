/** The direction of a hit, as an arc around the middle; and a red edge while health is low. */
import { element, setShown, setVariable } from "../dom";
import { EventKind } from "../lexicon";
import type { HudView, Widget } from "./view";

const ARCS_MAX = 6;
const ARC_MS = 900;
const LOW_HEALTH = 30;

export class DamageEdge implements Widget {
  readonly root = element("section", "damage-edge");
  private readonly vignette = element("div", "vignette");
  private readonly arcs: { root: HTMLElement; bornMs: number; damage: number }[];
  private next = 0;
  private hurtMs = -Infinity;

  constructor() {
    this.arcs = Array.from({ length: ARCS_MAX }, () => {
      const root = element("i", "hit-arc");
      return { root, bornMs: -Infinity, damage: 0 };
    });
    this.root.append(this.vignette, ...this.arcs.map((arc) => arc.root));
  }

  draw(view: HudView): void {
    const { frame, me } = view;
    for (const { kind, fields } of frame.events) {
      if (kind === EventKind.HIT && me !== undefined && fields["victim"] === me.slot) {
        this.notice(view, fields);
      }
    }
    for (const arc of this.arcs) {
      const left = Math.max(0, 1 - (frame.nowMs - arc.bornMs) / ARC_MS);
      setShown(arc.root, left > 0); // what cannot be seen must not be composed either
      setVariable(arc.root, "--alpha", (left * Math.min(1, 0.45 + arc.damage / 70)).toFixed(2));
    }
    const low = me !== undefined && me.alive ? Math.max(0, 1 - me.health / LOW_HEALTH) : 0;
    const flash = Math.max(0, 1 - (frame.nowMs - this.hurtMs) / 320) * 0.5;
    const edge = Math.min(0.9, low * 0.75 + flash);
    setShown(this.vignette, edge > 0.01);
    setVariable(this.vignette, "--alpha", edge.toFixed(2));
  }

  private notice(view: HudView, fields: Record<string, number>): void {
    const { frame, me } = view;
    this.hurtMs = frame.nowMs;
    const attacker = view.player(fields["attacker"] ?? -1);
    const arc = this.arcs[this.next];
    if (attacker === undefined || me === undefined || arc === undefined) return;
    if (attacker === me || !attacker.seen) return;
    this.next = (this.next + 1) % ARCS_MAX;
    arc.bornMs = frame.nowMs;
    arc.damage = fields["damage"] ?? 0;
    const angle = Math.atan2(attacker.y - me.y, attacker.x - me.x);
    setVariable(arc.root, "--angle", `${(angle + Math.PI / 2).toFixed(3)}rad`);
  }
}
