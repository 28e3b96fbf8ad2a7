// Pictures and bytes a second over the last few seconds, and how long pictures took.
import type { PaintedFrame } from "@/net/channel";

const WINDOW_MS = 3_000;

type Painted = Pick<PaintedFrame, "epoch" | "seq" | "capturedAt" | "receivedAt" | "paintedAt">;

interface Mark {
  readonly at: number;
  readonly bytes: number;
  /** null: it was there before somebody watched, so its age says nothing about the way. */
  readonly took: { readonly latency: number; readonly browser: number } | null;
}

export interface Rates {
  readonly fps: number;
  readonly bytes: number;
  /** Means, ms; null when nothing new was painted. */
  readonly latency: number | null;
  readonly browser: number | null;
  /** Mean, bytes; null when nothing was painted. */
  readonly size: number | null;
}

export class Meter {
  private readonly marks: Mark[] = [];
  private startedAt: number | null = null;
  private last: Pick<Painted, "epoch" | "seq"> | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Somebody starts to watch: the first picture is as old as the source has been still. */
  begin(): void {
    this.last = null;
  }

  add(bytes: number, { epoch, seq, capturedAt, receivedAt, paintedAt }: Painted): void {
    const at = this.now();
    this.startedAt ??= at;
    // As the server does: the same picture again, in another size, is no new one either.
    const isNew = this.last?.epoch === epoch && seq > this.last.seq;
    this.last = { epoch, seq };
    this.marks.push({ at, bytes, took: isNew ? { latency: paintedAt - capturedAt, browser: paintedAt - receivedAt } : null });
    this.forget(at);
  }

  get perSecond(): Rates {
    const at = this.now();
    this.forget(at);
    // A meter that has just started divides by what it has seen, but by a second at least: one picture is no rate.
    const seconds = Math.min(WINDOW_MS, Math.max(1_000, at - (this.startedAt ?? at))) / 1000;
    const bytes = this.marks.map((mark) => mark.bytes);
    const took = this.marks.flatMap((mark) => mark.took ?? []);
    return {
      fps: bytes.length / seconds,
      bytes: sum(bytes) / seconds,
      latency: mean(took.map(({ latency }) => latency)),
      browser: mean(took.map(({ browser }) => browser)),
      size: mean(bytes),
    };
  }

  private forget(at: number): void {
    while (this.marks[0] !== undefined && at - this.marks[0].at > WINDOW_MS) this.marks.shift();
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values) / values.length);
