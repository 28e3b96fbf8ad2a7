// The server's clock as this page knows it, from the ping with the shortest round trip.

interface Sample {
  readonly at: number;
  readonly roundTrip: number;
  readonly offset: number;
}

/** Clocks drift: a short round trip of long ago is worth less than a fair one of now. */
const MEMORY_MS = 120_000;

/** Local time in ms since the Unix epoch, finer than Date.now(). */
export function localNow(): number {
  return performance.timeOrigin + performance.now();
}

export class ServerClock {
  private best: Sample | null = null;
  private samples: Sample[] = [];
  private readonly sent = new Map<number, number>();
  private nextId = 1;

  constructor(private readonly local: () => number = localNow) {}

  /** Note that a ping leaves now; returns its id. */
  ping(): number {
    const id = this.nextId++;
    this.sent.set(id, this.local());
    return id;
  }

  /** The answer to a ping. An id that we did not send is ignored. */
  pong(id: number, serverNow: number): void {
    const sentAt = this.sent.get(id);
    if (sentAt === undefined) return;
    this.sent.delete(id);
    const at = this.local();
    this.samples.push({ at, roundTrip: at - sentAt, offset: serverNow - (sentAt + at) / 2 });
    this.samples = this.samples.filter((sample) => at - sample.at <= MEMORY_MS);
    this.best = this.samples.reduce((a, b) => (b.roundTrip <= a.roundTrip ? b : a));
  }

  /** A first guess from a message that came without a question; pongs replace it. */
  guess(serverNow: number): void {
    if (this.best === null) this.best = { at: this.local(), roundTrip: Infinity, offset: serverNow - this.local() };
  }

  /** Another connection, perhaps another server: what we knew may not hold. */
  reset(): void {
    this.best = null;
    this.samples = [];
    this.sent.clear();
  }

  /** When the oldest unanswered ping left, in local time; null when every one was answered. */
  get waitingSince(): number | null {
    const first = this.sent.values().next();
    return first.done ? null : first.value;
  }

  /** ms; null until the first pong. */
  get roundTrip(): number | null {
    return this.best !== null && Number.isFinite(this.best.roundTrip) ? this.best.roundTrip : null;
  }

  /** ms to add to local time. */
  get offset(): number {
    return this.best?.offset ?? 0;
  }

  /** ms since the Unix epoch by the server's clock. */
  now(): number {
    return this.local() + this.offset;
  }
}
