/**
 * The arena on the screen. Draws one `Frame` at a time and keeps nothing of the match but what is
 * still glowing.
 *
 * Owns: the WebGL renderer, the layers and their order. Must not know the net, the rules or the
 * page around its host.
 *
 *   world   ground · marks · bases · pads · bodies · shots · smoke and light · circle · flags ·
 *           names · numbers                                                 (painted pixels × zoom)
 *   screen  arrows · crosshair                                                     (CSS pixels)
 */
// Despite its name this is Pixi without `eval`, for a strict content security policy.
import "pixi.js/unsafe-eval";
import { Container, WebGLRenderer } from "pixi.js";

import type { Frame } from "../model";
import type { Settings } from "../settings";
import { schemeOf } from "../styles/palette";
import { Atlas } from "./atlas";
import { ArrowLayer } from "./arrows";
import { Camera, TILE_PX } from "./camera";
import { CircleLayer } from "./circle";
import { DrawContext } from "./context";
import { Crosshair } from "./crosshair";
import { Effects } from "./effects/effects";
import { FlagLayer } from "./flags";
import { Ground } from "./ground";
import { PadLayer } from "./pads";
import { PlayerLayer } from "./players";
import { Quality, rendererName } from "./quality";
import { ShotLayer } from "./shots";

const TILE_PX_THRIFTY = 32; // what 1280 × 720 shows of a tile at the least resolution

export class Scene {
  private readonly stage = new Container();
  private readonly world = new Container();
  private readonly atlas = new Atlas();
  private readonly camera = new Camera();
  private readonly ground = new Ground();
  private readonly pads = new PadLayer(this.atlas);
  private readonly players = new PlayerLayer(this.atlas);
  private readonly effects = new Effects(this.atlas, this.camera);
  private readonly shots = new ShotLayer(this.atlas, this.effects.smoke);
  private readonly flags = new FlagLayer(this.atlas);
  private readonly circle = new CircleLayer(this.atlas);
  private readonly arrows = new ArrowLayer(this.atlas);
  private readonly crosshair = new Crosshair(this.atlas);
  private readonly quality: Quality;
  private readonly ended = new AbortController();
  private pointer: { x: number; y: number } | null = null; // CSS pixels; null: no mouse
  private drawnArena: unknown = null;

  /** Waits for WebGL; rejects with words when there is none. */
  static async create(host: HTMLElement, settings: Settings): Promise<Scene> {
    const renderer = new WebGLRenderer();
    await renderer.init({
      antialias: false,
      autoDensity: true,
      backgroundColor: schemeOf(settings.values).backdrop,
      powerPreference: "high-performance",
      skipExtensionImports: true, // sprites are all it takes
    });
    // One texture a draw call. Pixi's batches of sixteen choose the texture in the shader, for
    // every pixel again; where
    // the processor draws (laptops without a graphics card) that alone makes a frame many times
    // dearer.
    renderer.limits.maxBatchableTextures = 1;
    renderer.canvas.className = "scene";
    renderer.canvas.setAttribute("aria-hidden", "true");
    host.append(renderer.canvas);
    return new Scene(host, settings, renderer);
  }

  private constructor(
    private readonly host: HTMLElement,
    private readonly settings: Settings,
    private readonly renderer: WebGLRenderer,
  ) {
    this.quality = new Quality(window.devicePixelRatio, rendererName(renderer.gl));
    this.world.addChild(
      this.ground.container,
      this.effects.below,
      this.flags.below,
      this.pads.container,
      this.players.bodies,
      this.shots.container,
      this.effects.above,
      this.circle.container,
      this.flags.above,
      this.players.names,
      this.effects.numbers.container,
    );
    this.stage.addChild(this.world, this.arrows.container, this.crosshair.container);
    this.listen();
    this.resize();
    // The shaders are made and the atlas goes to the graphics card now, not when the fight begins.
    this.renderer.render(this.stage);
    this.renderer.clear();
  }

  draw(frame: Frame): void {
    const { values } = this.settings;
    const scheme = schemeOf(values);
    if (this.quality.observe(frame.deltaMs)) this.resize();
    if (this.drawnArena !== frame.arena) this.forget(frame.arena);
    this.ground.show(frame.arena, scheme, this.quality.isThrifty ? TILE_PX_THRIFTY : TILE_PX);
    this.renderer.background.color = scheme.backdrop;
    this.look(frame);
    const context = new DrawContext(frame, values, scheme, this.camera, this.quality.isThrifty);
    this.pads.draw(context);
    this.players.draw(context);
    this.shots.draw(context);
    this.effects.draw(context);
    this.flags.draw(context);
    this.circle.draw(context);
    this.arrows.draw(context);
    this.crosshair.draw(context, this.pointer);
    this.renderer.render(this.stage);
  }

  /** Page pixels → units of the map. */
  worldAt(clientX: number, clientY: number): { x: number; y: number } {
    const box = this.renderer.canvas.getBoundingClientRect();
    return this.camera.worldAt(clientX - box.left, clientY - box.top);
  }

  /** Call when the window changed its size. */
  resize(): void {
    const width = Math.max(1, this.host.clientWidth || window.innerWidth);
    const height = Math.max(1, this.host.clientHeight || window.innerHeight);
    this.renderer.resize(width, height, this.quality.resolution);
    this.camera.resize(width, height);
  }

  /** Tell when the browser takes the graphics away, and when it gives them back. */
  watch(lost: () => void, restored: () => void): void {
    const options = { signal: this.ended.signal };
    this.renderer.canvas.addEventListener("webglcontextlost", lost, options);
    this.renderer.canvas.addEventListener("webglcontextrestored", restored, options);
  }

  destroy(): void {
    this.ended.abort();
    this.players.destroy();
    this.ground.clear();
    this.stage.destroy({ children: true });
    this.atlas.destroy();
    this.renderer.destroy({ removeView: true });
  }

  /** For measuring: what is on the screen beside players and shots. */
  statistics(): { particles: number; resolution: number } {
    return { particles: this.effects.particleCount, resolution: this.quality.resolution };
  }

  private look(frame: Frame): void {
    const target = frame.players.find(({ slot, seen }) => seen && slot === frame.follow);
    if (frame.camera != null) this.camera.place(frame.camera);
    else if (target === undefined) this.camera.showWholeMap(frame.arena);
    else {
      const pointer = frame.self === null ? null : this.pointer;
      this.camera.follow(target, pointer, frame.arena, frame.deltaMs);
    }
    this.camera.settle(frame.deltaMs, frame.nowMs);
    const { offset, zoom } = this.camera;
    this.world.position.set(offset.x, offset.y);
    this.world.scale.set(zoom);
  }

  private forget(arena: unknown): void {
    this.drawnArena = arena;
    this.players.clear();
    this.shots.clear();
    this.effects.clear();
  }

  private listen(): void {
    const options = { signal: this.ended.signal, passive: true };
    window.addEventListener("pointermove", (event) => this.point(event), options);
    window.addEventListener("pointerdown", (event) => this.point(event), options);
    window.addEventListener("resize", () => this.resize(), options);
  }

  private point(event: PointerEvent): void {
    if (event.pointerType !== "mouse") {
      this.pointer = null;
      return;
    }
    const box = this.renderer.canvas.getBoundingClientRect();
    this.pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
