// One decode at a time, and the newest picture waiting: an older one never comes out after a newer one.
import { compareOrder, type Order } from "@/net/picture";

export interface Decoded {
  close(): void;
}

export interface LatestOptions<P extends Order, D extends Decoded> {
  decode(picture: P): Promise<D>;
  /** The picture is ready. `decoded` is closed when this returns. */
  show(decoded: D, picture: P): void;
  /** Everything up to this picture is done with, shown or not. Called once per decode, in order. */
  done(picture: P): void;
}

export class LatestDecoder<P extends Order, D extends Decoded> {
  /** Pictures that were replaced before they could be decoded, or could not be decoded. */
  dropped = 0;
  private shown: Order | null = null;
  private busy = false;
  private waiting: P | null = null;
  private closed = false;

  constructor(private readonly options: LatestOptions<P, D>) {}

  /** Take a picture and return at once. One that is no newer than what is shown or waiting is left out. */
  put(picture: P): void {
    const newest = this.waiting ?? this.shown;
    if (newest !== null && compareOrder(picture, newest) <= 0) {
      // While a decode runs, its own `done` covers this one too.
      if (!this.busy) this.options.done(picture);
      return;
    }
    if (this.waiting !== null) this.dropped += 1;
    this.waiting = picture;
    if (!this.busy) void this.run();
  }

  /** Show the newest picture once more, for somebody who has just come. */
  again(newest: P): void {
    if (this.waiting !== null) return;
    this.waiting = newest;
    if (!this.busy) void this.run();
  }

  /** Nothing is shown from here on; a decode that is under way is thrown away when it ends. */
  close(): void {
    this.closed = true;
    if (this.waiting !== null) this.options.done(this.waiting);
    this.waiting = null;
  }

  private async run(): Promise<void> {
    this.busy = true;
    while (this.waiting !== null) {
      const picture = this.waiting;
      this.waiting = null;
      this.shown = picture;
      try {
        const decoded = await this.options.decode(picture);
        try {
          if (!this.closed) this.options.show(decoded, picture);
        } finally {
          decoded.close();
        }
      } catch {
        // A broken picture is a lost picture; the next one is whole again.
        this.dropped += 1;
      }
      this.options.done(picture);
    }
    this.busy = false;
  }
}
