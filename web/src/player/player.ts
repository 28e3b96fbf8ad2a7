// One pane at work: asks for a stream while somebody can see it, and knows what the picture is worth.
import type { ActionModel, PaneStats, SpotModel, StreamModel } from "@/gen/messages";
import type { PaintedFrame } from "@/net/channel";
import type { PaneHandle } from "@/net/panes";
import { acquire, type Lease } from "@/net/shared";
import { Meter } from "./meter";
import { boxOf, defaultFps, fittedWidth, type Format, type Resolution, rung, type Size } from "./size";
import { type Status, statusOf } from "./status";
import { everySecond } from "./ticker";
import type { Visibility } from "./visibility";

export interface PlayerOptions {
  readonly server: string;
  readonly token: string | null;
  readonly stream: string;
}

/** What the page asks for; null: by the size at which the pane is shown, or as the server has it. */
export interface Wishes {
  readonly fps: number | null;
  readonly quality: number | null;
  readonly resolution: Resolution;
  readonly format: Format | null;
  /** Which element is worked on. */
  readonly highlight: boolean;
}

export interface PlayerEvents {
  draw(bitmap: ImageBitmap): void;
  frame(frame: PaintedFrame): void;
  status(status: Status): void;
  action(action: ActionModel): void;
  /** Where the element is that is worked on; null: nothing is to be outlined. */
  highlight(spot: SpotModel | null): void;
}

/** What a pane has cost and shown since it was connected. */
export interface PaneCounts {
  /** Pictures and bytes a second, over the last seconds. */
  readonly fps: number;
  readonly bytesPerSecond: number;
  readonly painted: number;
  /** What is asked for, pictures a second. */
  readonly wanted: number;
  /** Pictures that the server left out because this viewer was not ready for them. */
  readonly dropped: number;
  /** ms, means over the last seconds; null while nothing was painted in them. */
  readonly latency: number | null;
  /** From the arrival of a picture to its paint. */
  readonly browser: number | null;
  /** Bytes of one picture. */
  readonly size: number | null;
  /** What the server measured for this pane, about every two seconds. */
  readonly server: PaneStats | null;
}

export class Player {
  lastFrame: PaintedFrame | null = null;
  private status: Status | null = null;
  private seen: Visibility = { isVisible: false, box: { width: 0, height: 0 } };
  private watching = false;
  private fresh = false;
  private fps = 10;
  private ended = false;
  private refusal: string | null = null;
  private painted = 0;
  private serverStats: PaneStats | null = null;
  private stopTicking: (() => void) | null = null;
  private readonly meter = new Meter();
  private readonly lease: Lease;
  private readonly pane: PaneHandle;
  private readonly stops: (() => void)[];

  /** Throws TypeError when the server's address is no URL. */
  constructor(
    private readonly options: PlayerOptions,
    private wishes: Wishes,
    private readonly events: PlayerEvents,
  ) {
    this.lease = acquire(options.server, options.token);
    const socket = this.lease.socket;
    this.pane = socket.openPane({
      draw: events.draw.bind(events),
      painted: (frame, bytes) => this.paintedOne(frame, bytes),
      opened: () => this.refuse(null),
      refused: (error) => this.refuse(error.message),
      counted: (stats) => (this.serverStats = stats),
    });
    this.stops = [
      socket.on("connection", (state) => {
        if (state.phase !== "open") {
          this.meter.begin();
          this.fresh = false;
          this.refusal = null;
          this.ended = false;
          this.point();
        }
        this.tell();
      }),
      socket.on("streams", () => this.tell()),
      socket.on("stream", (stream) => {
        if (stream.id !== this.options.stream) return;
        this.ended = false;
        this.changed();
      }),
      socket.on("removed", (id) => {
        if (id !== this.options.stream) return;
        this.fresh = false;
        this.ended = true;
        this.tell();
      }),
      socket.on("action", ({ stream, action }) => {
        if (stream === this.options.stream) events.action(action);
      }),
      socket.on("highlight", (stream) => {
        if (stream === this.options.stream) this.point();
      }),
    ];
    this.tell();
  }

  get stream(): StreamModel | undefined {
    return this.lease.socket.streams.get(this.options.stream);
  }

  get counts(): PaneCounts {
    const { fps, bytes, latency, browser, size } = this.meter.perSecond;
    const server = this.serverStats;
    return {
      fps, bytesPerSecond: bytes, painted: this.painted, wanted: this.fps, dropped: server?.dropped ?? 0, latency, browser, size, server,
    };
  }

  /** ms since the shown picture was captured; null when there is none. */
  get age(): number | null {
    return this.lastFrame === null ? null : this.lease.socket.clock.now() - this.lastFrame.capturedAt;
  }

  see(visibility: Visibility): void {
    this.seen = visibility;
    this.ask();
    this.tell();
  }

  wish(wishes: Wishes): void {
    this.wishes = wishes;
    this.ask();
    this.tell();
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stopTicking?.();
    this.pane.close();
    this.lease.release();
  }

  private ask(): void {
    const { isVisible, box } = this.seen;
    if (!isVisible) {
      if (this.watching) this.pane.unwatch();
      this.watching = false;
      this.fresh = false;
      this.stopTicking?.();
      this.stopTicking = null;
      this.point();
      return;
    }
    if (!this.watching) this.meter.begin();
    this.watching = true;
    this.stopTicking ??= everySecond(() => this.tell());
    const step = rung(fittedWidth(box, this.pictureSize) * devicePixelRatio);
    const { fps, quality, resolution, format, highlight } = this.wishes;
    this.fps = fps ?? defaultFps(step);
    this.pane.watch({ stream: this.options.stream, fps: this.fps, quality, format: format ?? "jpeg", highlight, ...boxOf(resolution, step) });
    this.point();
  }

  private point(): void {
    const isWanted = this.watching && this.wishes.highlight;
    this.events.highlight(isWanted ? (this.lease.socket.spots.get(this.options.stream) ?? null) : null);
  }

  private get pictureSize(): Size | null {
    const stream = this.stream;
    if (stream?.width && stream.height) return { width: stream.width, height: stream.height };
    return this.lastFrame;
  }

  private changed(): void {
    // Another shape of picture may need another width.
    if (this.watching) this.ask();
    this.tell();
  }

  private paintedOne(frame: PaintedFrame, bytes: number): void {
    this.lastFrame = frame;
    this.fresh = true;
    this.painted += 1;
    this.meter.add(bytes, frame);
    this.tell();
    this.events.frame(frame);
  }

  private refuse(message: string | null): void {
    this.refusal = message;
    this.tell();
  }

  private tell(): void {
    const { state: connection, listed, clock } = this.lease.socket;
    const status = statusOf({
      connection,
      listed,
      stream: this.stream,
      watching: this.watching,
      fresh: this.fresh,
      refusal: this.refusal,
      ended: this.ended,
      capturedAt: this.lastFrame?.capturedAt ?? null,
      now: clock.now(),
      fps: this.fps,
    });
    const before = this.status;
    if (before?.text === status.text && before.reason === status.reason && before.state === status.state) return;
    this.status = status;
    this.events.status(status);
  }
}
