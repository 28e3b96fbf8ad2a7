// <live-pane server stream token fps quality resolution format fit zoom chip highlight>: one live view, for any page and any framework.
import type { ActionModel, StreamModel } from "@/gen/messages";
import type { PaintedFrame } from "@/net/channel";
import { ownServer } from "@/net/server";
import { drag } from "./drag";
import { type PaneCounts, Player, type Wishes } from "./player";
import { type Format, FORMATS, type Resolution, RESOLUTIONS, type Size } from "./size";
import type { PaneState, Status } from "./status";
import { Surface } from "./surface";
import { watchVisibility } from "./visibility";

export interface LivePaneEvents {
  /** The state or what is said about it has changed. */
  statechange: CustomEvent<Status>;
  /** A picture was painted. */
  frame: CustomEvent<PaintedFrame>;
  /** A named moment on the stream. */
  action: CustomEvent<ActionModel>;
}

const REFLECTED = ["server", "src", "stream", "token", "fps", "quality", "resolution", "format", "fit", "zoom", "chip", "highlight"] as const;
type Reflected = (typeof REFLECTED)[number];

const NOTHING: Status = { state: "connecting", tone: "wait", text: "No stream named", reason: null, isStale: true };

export class LivePane extends HTMLElement {
  static readonly observedAttributes = REFLECTED;
  /** The server of panes that name none: the one that this script came from. */
  static server = ownServer();

  private readonly surface = new Surface(this.attachShadow({ mode: "open" }));
  private readonly internals = this.attachInternals();
  private player: Player | null = null;
  private eyes: AbortController | null = null;
  private current: Status = NOTHING;
  private restarting = false;

  constructor() {
    super();
    this.internals.role = "img";
  }

  // --- attributes ------------------------------------------------------------------------------

  /** The server, such as `http://host:8000` or `https://host/panes`. */
  get server(): string {
    return this.getAttribute("server") ?? this.getAttribute("src") ?? LivePane.server;
  }
  set server(value: string | null) {
    this.reflect("server", value);
  }
  /** Another name of `server`. */
  get src(): string {
    return this.server;
  }
  set src(value: string | null) {
    this.reflect("src", value);
  }
  /** A stream id, such as `page:k3f9`. */
  get stream(): string | null {
    return this.getAttribute("stream");
  }
  set stream(value: string | null) {
    this.reflect("stream", value);
  }
  /** Shown to the server in a header; what goes into an address is a ticket for one socket. */
  get token(): string | null {
    return this.getAttribute("token") || null;
  }
  set token(value: string | null) {
    this.reflect("token", value);
  }
  /** Pictures a second at the most, 0.1 to 60; null: by the size of the pane. */
  get fps(): number | null {
    return this.number("fps", 0.1, 60);
  }
  set fps(value: number | null) {
    this.reflect("fps", value);
  }
  /** 10 to 100; null: as the server has it. */
  get quality(): number | null {
    const value = this.number("quality", 10, 100);
    return value === null ? null : Math.round(value);
  }
  set quality(value: number | null) {
    this.reflect("quality", value);
  }
  /** How large the picture is that is asked for; null: as the pane shows it. */
  get resolution(): Resolution | null {
    return RESOLUTIONS.find((one) => one === this.getAttribute("resolution")) ?? null;
  }
  set resolution(value: Resolution | null) {
    this.reflect("resolution", value);
  }
  /** How pictures are encoded; null: JPEG. */
  get format(): Format | null {
    return FORMATS.find((one) => one === this.getAttribute("format")) ?? null;
  }
  set format(value: Format | null) {
    this.reflect("format", value);
  }
  /** `contain` fits the picture into the pane, `none` shows it pixel for pixel and scrolls. */
  get fit(): "contain" | "none" {
    return this.getAttribute("fit") === "none" ? "none" : "contain";
  }
  set fit(value: "contain" | "none" | null) {
    this.reflect("fit", value);
  }
  /** Device pixels for each pixel of the picture where `fit` is `none`. */
  get zoom(): number {
    return this.number("zoom", 0.25, 8) ?? 1;
  }
  set zoom(value: number | null) {
    this.reflect("zoom", value);
  }
  /** State and age over the picture: always, only while the picture is old (`auto`), or `off`: then the page has to say them. */
  get chip(): "on" | "auto" | "off" {
    const value = this.getAttribute("chip");
    return value === "off" || value === "auto" ? value : "on";
  }
  set chip(value: "on" | "auto" | "off" | null) {
    this.reflect("chip", value);
  }
  /** Whether the element that is worked on is outlined, where the stream tells which it is. */
  get highlight(): "on" | "off" {
    return this.getAttribute("highlight") === "off" ? "off" : "on";
  }
  set highlight(value: "on" | "off" | null) {
    this.reflect("highlight", value);
  }

  // --- what is there now -----------------------------------------------------------------------

  get state(): PaneState {
    return this.current.state;
  }
  get status(): Status {
    return this.current;
  }
  /** ms since the shown picture was captured; null when there is none. */
  get age(): number | null {
    return this.player?.age ?? null;
  }
  /** px of the shown picture. */
  get size(): Size | null {
    const frame = this.lastFrame;
    return frame === null ? null : { width: frame.width, height: frame.height };
  }
  get lastFrame(): PaintedFrame | null {
    return this.player?.lastFrame ?? null;
  }
  get counts(): PaneCounts | null {
    return this.player?.counts ?? null;
  }
  /** The stream as the server lists it. */
  get info(): StreamModel | null {
    return this.player?.stream ?? null;
  }
  get canvas(): HTMLCanvasElement {
    return this.surface.canvas;
  }

  // --- life ------------------------------------------------------------------------------------

  connectedCallback(): void {
    if (this.player === null) this.start();
  }

  disconnectedCallback(): void {
    // A move within the document comes back before this runs.
    queueMicrotask(() => {
      if (!this.isConnected) this.stop();
    });
  }

  attributeChangedCallback(name: Reflected, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === "server" || name === "src" || name === "stream" || name === "token") this.restart();
    else if (name !== "chip") {
      this.rescale();
      this.player?.wish(this.wishes);
    }
  }

  /** Move what is seen of a picture that is larger than the pane, by CSS pixels. Returns whether there is more to see at all. */
  pan(right: number, down: number): boolean {
    return this.surface.pan(right, down);
  }

  private rescale(): void {
    const isNatural = this.fit === "none";
    this.surface.scale(isNatural ? this.size : null, this.zoom);
    this.surface.outline.place();
    // A picture has no parts for assistive technology, and something that scrolls by keyboard has.
    this.internals.role = isNatural ? "group" : "img";
  }

  private restart(): void {
    if (this.restarting) return;
    this.restarting = true;
    queueMicrotask(() => {
      this.restarting = false;
      this.stop();
      this.surface.clear();
      if (this.isConnected) this.start();
    });
  }

  private start(): void {
    const stream = this.stream;
    if (stream === null || stream === "") {
      this.show(NOTHING);
      return;
    }
    try {
      const server = new URL(this.server, document.baseURI).href;
      this.player = new Player({ server, token: this.token, stream }, this.wishes, {
        draw: (bitmap) => this.surface.draw(bitmap),
        frame: (frame) => this.painted(frame),
        status: (status) => this.show(status),
        action: (action) => this.dispatchEvent(new CustomEvent("action", { detail: action })),
        highlight: (spot) => this.surface.outline.show(spot),
      });
    } catch (error) {
      const reason = `server="${this.server}" is not the address of a server: ${String(error)}`;
      this.show({ state: "refused", tone: "bad", text: "Refused", reason, isStale: true });
      return;
    }
    this.eyes = new AbortController();
    watchVisibility(this, this.eyes.signal, (now) => {
      // A moved window or a browser zoom may have changed what a device pixel is.
      this.rescale();
      this.player?.see(now);
    });
    drag(this.surface.view, this.eyes.signal);
  }

  private stop(): void {
    this.eyes?.abort();
    this.player?.close();
    this.surface.outline.show(null);
    this.eyes = this.player = null;
  }

  private painted(frame: PaintedFrame): void {
    if (this.fit === "none") this.rescale();
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  private show(status: Status): void {
    this.current = status;
    this.surface.say(status);
    this.internals.ariaLabel = `${this.info?.title ?? this.stream ?? "Live pane"}: ${status.text}`;
    this.dispatchEvent(new CustomEvent("statechange", { detail: status }));
  }

  private get wishes(): Wishes {
    const { fps, quality, resolution, format } = this;
    return { fps, quality, format, highlight: this.highlight === "on", resolution: resolution ?? (this.fit === "none" ? "source" : "window") };
  }

  private number(name: Reflected, least: number, most: number): number | null {
    const text = this.getAttribute(name);
    const value = text === null || text.trim() === "" ? NaN : Number(text);
    return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : null;
  }

  private reflect(name: Reflected, value: string | number | null): void {
    if (value === null) this.removeAttribute(name);
    else this.setAttribute(name, String(value));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "live-pane": LivePane;
  }
}

/** Make `<live-pane>` known to the page, unless another copy of this script already has. */
export function defineLivePane(server?: string): void {
  if (server !== undefined) LivePane.server = server;
  if (customElements.get("live-pane") === undefined) customElements.define("live-pane", LivePane);
}
