/**
 * The playground: every page and every effect without a server. For development only; the build
 * leaves it out.
 *
 * `?view=` start, empty, offline, refused, queue, seating, room, guest, settings, fight or watch;
 * for the last two also `mode` (teams, ctf, last), `players`, `shots`, `phase`, `connection=lost`, `map`,
 * `scores`, `net`, `touch`, `dead` (in mode `last`: out), `palette`, `simple`, `calm`, `still`.
 */
import { Hud } from "../hud/hud";
import { TouchControls } from "../input/touch";
import { Phase } from "../lexicon";
import type { ConnectionState } from "../model";
import { Scene } from "../scene/scene";
import { Screens } from "../screens/screens";
import { Settings, type Palette } from "../settings";
import { Fight } from "./fight";
import type { PlaygroundMode } from "./modes";
import { playgroundActions, playgroundLobby } from "./lobby";

const query = new URLSearchParams(window.location.search);
const view = query.get("view") ?? "start";
const settings = new Settings(null, query.has("calm"));
settings.update({
  palette: (query.get("palette") ?? "default") as Palette,
  simpleColours: query.has("simple"),
});

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

const actions = playgroundActions();
const screens = new Screens(part("screens"), actions, settings);
screens.show(playgroundLobby(view));
if (view === "settings") screens.openSettings();
const isOut = query.has("dead") && query.get("mode") === "last";
screens.offerFollowing(view === "watch" || isOut);
if (query.has("menu")) screens.toggleMenu();
if (view === "fight" || view === "watch") await play();

async function play(): Promise<void> {
  const scene = await Scene.create(part("stage"), settings);
  const hud = new Hud(part("hud"), settings, (option) => actions.vote(option));
  const lost: ConnectionState = { kind: "retrying", attempt: 2, inMs: 3000, reason: "" };
  const fight = new Fight({
    playerCount: Number(query.get("players") ?? 16),
    shotCount: Number(query.get("shots") ?? 24),
    watching: view === "watch",
    wholeMap: query.has("map"),
    mode: (query.get("mode") ?? "deathmatch") as PlaygroundMode,
    phase: Number(query.get("phase") ?? Phase.PLAY),
    dead: query.has("dead"),
    connection: query.get("connection") === "lost" ? lost : { kind: "online" },
  });
  const touch = query.has("touch") ? new TouchControls(() => undefined) : null;
  touch?.layout(window.innerWidth, window.innerHeight);
  let last = performance.now();
  let frames = 0;
  const started = last;
  const loop = (now: number): void => {
    const frame = fight.next(Math.max(1, now - last), now);
    last = now;
    scene.draw(frame);
    hud.draw(frame, {
      scoreboard: query.has("scores"),
      netGraph: query.has("net"),
      touch: touch?.state ?? null,
    });
    frames += 1;
    const perSecond = (frames * 1000) / Math.max(1, now - started);
    document.title = `${perSecond.toFixed(1)} fps, ${JSON.stringify(scene.statistics())}`;
    requestAnimationFrame(loop);
  };
  Object.assign(window, {
    playground: { scene, hud, fight, settings },
  }); // for measuring from outside
  if (!query.has("still")) requestAnimationFrame(loop);
}
