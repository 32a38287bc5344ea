/** The entry of the playground: `?view=fight&players=16&shots=40`. For development only; the build leaves it out. */
import { Phase } from "../lexicon";
import { Scene } from "../scene/scene";
import { Settings } from "../settings";
import { Fight } from "./fight";

const query = new URLSearchParams(window.location.search);
const settings = new Settings(null);
const host = document.getElementById("stage") as HTMLElement;
const scene = await Scene.create(host, settings);
const fight = new Fight({
  playerCount: Number(query.get("players") ?? 16),
  shotCount: Number(query.get("shots") ?? 40),
  watching: query.has("watch"),
  wholeMap: query.has("map"),
  phase: Number(query.get("phase") ?? Phase.PLAY),
  link: { kind: "online" },
});
let last = performance.now();
function loop(now: number): void {
  scene.draw(fight.next(Math.min(100, now - last), now));
  last = now;
  requestAnimationFrame(loop);
}
requestAnimationFrame(loop);
