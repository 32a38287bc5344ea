/**
 * The entry of the page: makes one of everything, connects them, and runs the loop of animation
 * frames.
 *
 * Owns: the order of construction, and what is said when the page cannot even begin. Must not know:
 * anything else.
 */
import { App } from "./app";
import { Sound } from "./audio/sound";
import { replayOfAddress, wishOfAddress } from "./deepLink";
import { Hud } from "./hud/hud";
import { firstPad } from "./input/gamepad";
import { ReplayBar } from "./replay/replayBar";
import { ReplayPointers } from "./replay/replayPointers";
import { InputMapper } from "./input/inputMapper";
import { PagePointers } from "./input/pointers";
import { ArenaLoader } from "./match/arenaLoader";
import { urlOf } from "./net/url";
import { probeServer } from "./net/probe";
import { browserScheduler } from "./net/scheduler";
import { openBrowserSocket } from "./net/socket";
import { hasWebGl, ResilientScene } from "./scene/resilientScene";
import { Scene } from "./scene/scene";
import { GraphicsCard } from "./screens/graphicsCard";
import { Screens } from "./screens/screens";
import { Settings, type TextStorage } from "./settings";
import { testHook } from "./testHook";

async function main(): Promise<void> {
  const prefersCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const settings = new Settings(
    storageOf(() => window.localStorage),
    prefersCalm,
  );
  const hands = new InputMapper(() => settings.values.keys);
  const arenas = new ArenaLoader();
  const context = {
    settings,
    hands,
    openSocket: openBrowserSocket,
    scheduler: browserScheduler,
    tabStorage: storageOf(() => window.sessionStorage),
    loadArena: (map: string, digest: string) => arenas.load(map, digest),
    probe: probeServer,
    page: () => urlOf(""),
    reload: () => {
      window.location.reload();
    },
    isHidden: () => document.hidden,
    mouse: () => pointers.mouse,
  };
  const app = new App(context, wishOfAddress(window.location.search));
  const pointers = new PagePointers(hands, () => app.isPlaying);
  const screens = new Screens(elementOf("screens"), app, settings);
  screens.show(app.inspection.lobby);
  await painted(); // WebGL takes a moment to begin; the page is there before it
  const makeScene = (): Promise<Scene> => Scene.create(elementOf("stage"), settings);
  const scene = new ResilientScene(makeScene, hasWebGl, browserScheduler, () => {
    showGraphics();
  });
  const graphics = new GraphicsCard({
    tryAgain: () => {
      void scene.tryNow();
    },
    reload: () => {
      window.location.reload();
    },
    leave: () => {
      app.leaveMatch();
      showGraphics();
    },
  });
  const showGraphics = (): void => {
    graphics.show(scene.state, app.isInMatch);
  };
  elementOf("screens").append(graphics.root);
  await scene.begin();
  const hud = new Hud(elementOf("hud"), settings, (option) => {
    app.vote(option);
  });
  const replay = new ReplayBar(app.replays);
  elementOf("screens").append(replay.root);
  new ReplayPointers(app.replays, elementOf("stage"));
  const sound = new Sound(settings);
  window.addEventListener("online", () => {
    app.retryNow();
  });
  window.skirmish = testHook(app);
  const { search } = window.location;
  forgetAddress();
  app.start({ scene, hud, screens, sound, replay });
  const name = replayOfAddress(search);
  if (name !== null) app.watchReplay(name);

  const frame = (nowMs: number): void => {
    requestAnimationFrame(frame);
    hands.readPad(document.hasFocus() ? firstPad() : null); // it keeps its last state behind others
    app.frame(nowMs);
    if (scene.state !== "there") showGraphics();
  };
  requestAnimationFrame(frame);
}

/** Once what is on the page by now is on the screen; a hidden page is never painted. */
function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      setTimeout(resolve);
    });
  });
}

/** The wish was heard; a reload must not join the same room again. */
function forgetAddress(): void {
  if (window.location.search !== "")
    window.history.replaceState(null, "", window.location.pathname);
}

/** Merely touching a storage may throw where cookies are forbidden. */
function storageOf(open: () => TextStorage): TextStorage | null {
  try {
    return open();
  } catch {
    return null;
  }
}

function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

function sayWhatIsMissing(error: unknown): void {
  const words = document.createElement("p");
  words.className = "card";
  words.setAttribute("role", "alert");
  words.textContent =
    "Skirmish cannot start in this browser. Reload the page; if that does not help, update the browser or use another one.";
  elementOf("screens").replaceChildren(words);
  console.error(error);
}

main().catch(sayWhatIsMissing);
