// Streams one tab to one of our servers: at most so many pictures a second, only while somebody watches, and only while its
// covers are on.
import { digestOf, type Shot } from "../capture/picture";
import { ask, type Cast, type Demand, type Phase } from "../messages";
import { pauseAfter } from "../send/backoff";
import { type Failure, failureOf } from "../send/failure";
import { Link } from "../send/link";
import { HIDDEN, UNWATCHED } from "../share/plan";
import { Frames } from "./frames";
import { scaled } from "./scale";

/** The covers are asked for this often; each time they stay for 6 s more. */
const COVER_EVERY_MS = 2_000;
/** Nothing goes out when the covers were last confirmed longer ago than this. */
const COVERED_FOR_MS = 4_000;
/** Frames that were drawn before the covers were painted are through the pipeline by then. */
const SETTLE_MS = 150;
/** A picture goes out when nobody has said for this long after it was drawn that its page has been left: what came instead was not covered. */
const QUARANTINE_MS = 120;
/** A page that cannot be covered is tried again. */
const UNCOVERED_AGAIN_MS = 2_000;
const SAY_SENT_EVERY_MS = 1_000;

export class Caster {
  private readonly frames: Frames;
  private link: Link | null = null;
  private demand: Demand = null;
  private visible = true;
  private failures = 0;
  private coveredAt = Number.NEGATIVE_INFINITY;
  private covering = false;
  private masked = false;
  private sending = false;
  private due = 0;
  private digest: string | null = null;
  private canvas: OffscreenCanvas | null = null;
  /** Counts what makes frames that were drawn before it unusable. */
  private disruptions = 0;
  private coverTimer: ReturnType<typeof setTimeout> | undefined;
  private paceTimer: ReturnType<typeof setTimeout> | undefined;
  private linkTimer: ReturnType<typeof setTimeout> | undefined;
  private saidSent = 0;
  private said = "";
  private over = false;

  constructor(
    private cast: Cast,
    private readonly track: MediaStreamTrack,
    private readonly ended: () => void,
  ) {
    this.frames = new Frames(track, () => this.pump());
    track.addEventListener("ended", () => this.end("Chrome has ended the stream of this tab"));
    this.connect();
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (!visible) this.link?.hidden(HIDDEN);
    this.follow();
  }

  describe(title: string, url: string, fresh: boolean): void {
    this.cast = { ...this.cast, title, url };
    this.link?.describe({ title, url, masked: this.masked });
    if (fresh) this.uncovered();
  }

  /** A document of the tab was left, and its covers went with it. */
  uncovered(): void {
    this.disrupt();
    this.follow();
  }

  end(reason: string): void {
    if (this.over) return;
    this.over = true;
    for (const timer of [this.coverTimer, this.paceTimer, this.linkTimer]) clearTimeout(timer);
    this.frames.stop();
    this.track.stop();
    this.link?.close(reason);
    void ask("cover", { tab: this.cast.tab, on: false }).catch(() => null);
    this.tell("off", reason, true);
    this.ended();
  }

  private disrupt(): void {
    this.disruptions += 1;
    this.coveredAt = Number.NEGATIVE_INFINITY;
    this.frames.stop();
  }

  // --- the connection -----------------------------------------------------------------------------

  private connect(): void {
    const { server, token, name, title, url } = this.cast;
    const link = new Link({ server, token }, name, { title, url, masked: this.masked }, {
      demand: (demand) => {
        if (this.link !== link) return;
        this.failures = 0;
        this.demand = demand;
        this.digest = null; // who looks next sees a picture, even if it is the same
        this.follow();
      },
      ended: (failure) => {
        if (this.link === link) this.lost(failure);
      },
    });
    this.link = link;
  }

  private lost(failure: Failure): void {
    this.link = null;
    this.demand = null;
    this.failures += 1;
    this.digest = null;
    this.frames.stop();
    this.tell(failure.why === "refused" ? "off" : "waiting", failure.message);
    this.linkTimer = setTimeout(() => this.connect(), pauseAfter(this.failures, failure));
  }

  // --- the covers ---------------------------------------------------------------------------------

  /** Whether pictures are to go out has changed. */
  private follow(): void {
    if (this.over) return;
    clearTimeout(this.coverTimer);
    const wanted = this.demand !== null && this.visible;
    if (wanted) {
      void this.keepCovered();
      return;
    }
    this.frames.stop();
    if (this.coveredAt > Number.NEGATIVE_INFINITY) void ask("cover", { tab: this.cast.tab, on: false }).catch(() => null);
    this.coveredAt = Number.NEGATIVE_INFINITY;
    if (this.link !== null && this.link.demand !== undefined) this.tell("waiting", this.visible ? UNWATCHED : HIDDEN);
  }

  private async keepCovered(): Promise<void> {
    if (this.covering) return;
    this.covering = true;
    const asked = performance.now();
    const { disruptions } = this;
    const answer = await ask("cover", { tab: this.cast.tab, on: true }).catch(() => null);
    this.covering = false;
    if (this.over) return;
    // What was covered may be the page before.
    if (this.demand === null || !this.visible || disruptions !== this.disruptions) {
      this.follow();
      return;
    }
    clearTimeout(this.coverTimer);
    if (answer?.covered !== true) {
      this.disrupt();
      this.tell("waiting", answer?.reason ?? "The extension does not answer");
      this.coverTimer = setTimeout(() => this.follow(), UNCOVERED_AGAIN_MS);
      return;
    }
    this.coveredAt = asked; // the lease in the page began later, so ours ends earlier
    if (answer.masked !== this.masked) {
      this.masked = answer.masked;
      this.link?.describe({ title: this.cast.title, url: this.cast.url, masked: this.masked });
    }
    if (!this.frames.running) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      if (this.covered) this.frames.start();
    }
    this.coverTimer = setTimeout(() => void this.keepCovered(), COVER_EVERY_MS);
    this.pump(); // a frame may have waited for just this
  }

  private get covered(): boolean {
    return !this.over && this.demand !== null && this.visible && performance.now() - this.coveredAt < COVERED_FOR_MS;
  }

  // --- the pictures -------------------------------------------------------------------------------

  /** Send the newest frame, unless it is too early or one is on its way: then as soon as that is over. */
  private pump(): void {
    clearTimeout(this.paceTimer);
    const { link, demand } = this;
    if (link === null || demand === null || this.sending || !this.frames.waiting) return;
    const now = performance.now();
    if (now < this.due) {
      this.paceTimer = setTimeout(() => this.pump(), this.due - now);
      return;
    }
    if (!this.covered) return;
    const frame = this.frames.take();
    if (frame === null) return;
    const period = 1000 / Math.min(this.cast.fps, Math.max(demand.fps, 0.01));
    this.due = Math.max(this.due + period, now + period / 2); // evenly, without catching up
    this.sending = true;
    this.send(link, frame, demand)
      .catch((error: unknown) => this.tell("waiting", failureOf(error).message))
      .finally(() => {
        this.sending = false;
        this.pump();
      });
  }

  private async send(link: Link, frame: VideoFrame, demand: NonNullable<Demand>): Promise<void> {
    const { disruptions } = this;
    const shot = await this.shotOf(frame, demand);
    const digest = await digestOf(shot.bytes);
    // Not waited for: the next frame is drawn meanwhile.
    const left = QUARANTINE_MS - (Date.now() - shot.at);
    setTimeout(() => {
      if (disruptions !== this.disruptions || !this.covered || this.link !== link) return;
      this.release(link, shot, digest).catch((error: unknown) => this.tell("waiting", failureOf(error).message));
    }, left);
  }

  private async release(link: Link, shot: Shot, digest: string): Promise<void> {
    if (digest === this.digest) link.live();
    else if (!(await link.send(shot))) return;
    this.digest = digest;
    this.tell("live", null);
  }

  private async shotOf(frame: VideoFrame, demand: NonNullable<Demand>): Promise<Shot> {
    const at = Date.now();
    try {
      const size = scaled({ width: frame.displayWidth, height: frame.displayHeight }, demand);
      const canvas = (this.canvas ??= new OffscreenCanvas(size.width, size.height));
      if (canvas.width !== size.width) canvas.width = size.width;
      if (canvas.height !== size.height) canvas.height = size.height;
      // Read back each time: drawn by the graphics process, every picture would have to come from there.
      const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
      if (context === null) throw new Error("Chrome gave no canvas");
      context.drawImage(frame, 0, 0, size.width, size.height);
      const quality = Math.min(demand.quality ?? this.cast.quality, this.cast.quality) / 100;
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
      return { mime: "image/jpeg", bytes: new Uint8Array(await blob.arrayBuffer()), ...size, at, masked: this.masked };
    } finally {
      frame.close();
    }
  }

  private tell(phase: Phase, reason: string | null, ended = false): void {
    const now = performance.now();
    const said = `${phase} ${reason ?? ""}`;
    const sent = phase === "live";
    if (!ended && said === this.said && !(sent && now - this.saidSent > SAY_SENT_EVERY_MS)) return;
    this.said = said;
    if (sent) this.saidSent = now;
    void ask("casting", { tab: this.cast.tab, phase, reason, ended, sent }).catch(() => null);
  }
}
