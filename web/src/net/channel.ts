// One rendition on the socket: its pictures are decoded once and shown in every pane that shares it.
import { LatestDecoder } from "@/decode/latest";
import { compareOrder, type Order, type Picture } from "./picture";

/** What was painted, and when. Times are ms since the Unix epoch in the server's clock. */
export interface PaintedFrame {
  readonly epoch: number;
  readonly seq: number;
  readonly capturedAt: number;
  readonly receivedAt: number;
  readonly paintedAt: number;
  readonly width: number;
  readonly height: number;
}

/** Where pictures of a pane end up. */
export interface PaneScreen {
  draw(bitmap: ImageBitmap): void;
  painted(frame: PaintedFrame, bytes: number): void;
}

export interface ChannelOptions {
  readonly decode: (picture: Picture) => Promise<ImageBitmap>;
  readonly now: () => number;
  /** Everything up to this picture is off the line; `age` in ms when it was painted. */
  readonly ack: (picture: Picture, age: number | null) => void;
}

/** One pane's place on a channel. `shown` moves with the pane, so that another rendition never takes it back in time. */
export interface Seat {
  readonly screen: PaneScreen;
  shown: (Order & { readonly channel: number }) | null;
}

export class Channel {
  readonly seats = new Set<Seat>();
  private readonly decoder: LatestDecoder<Picture, ImageBitmap>;
  private newest: Picture | null = null;
  private age: number | null = null;

  constructor(
    readonly number: number,
    private readonly options: ChannelOptions,
  ) {
    this.decoder = new LatestDecoder({
      decode: options.decode,
      show: (bitmap, picture) => this.show(bitmap, picture),
      done: (picture) => {
        options.ack(picture, this.age);
        this.age = null;
      },
    });
  }

  get dropped(): number {
    return this.decoder.dropped;
  }

  put(picture: Picture): void {
    if (this.newest === null || compareOrder(picture, this.newest) > 0) this.newest = picture;
    this.decoder.put(picture);
  }

  /** A pane that joins a running channel gets what the others see, at once. */
  join(seat: Seat): void {
    if (this.seats.has(seat)) return;
    this.seats.add(seat);
    if (this.newest !== null) this.decoder.again(this.newest);
  }

  leave(seat: Seat): void {
    this.seats.delete(seat);
  }

  close(): void {
    this.decoder.close();
    this.seats.clear();
  }

  private show(bitmap: ImageBitmap, picture: Picture): void {
    const seats = [...this.seats].filter((seat) => this.isNewFor(seat, picture));
    for (const seat of seats) seat.screen.draw(bitmap);
    const paintedAt = this.options.now();
    this.age = paintedAt - picture.capturedAt;
    const { epoch, seq, capturedAt, receivedAt, width, height } = picture;
    for (const seat of seats) {
      seat.shown = { epoch, seq, channel: this.number };
      seat.screen.painted({ epoch, seq, capturedAt, receivedAt, paintedAt, width, height }, picture.image.byteLength);
    }
  }

  private isNewFor({ shown }: Seat, picture: Picture): boolean {
    if (shown === null) return true;
    const order = compareOrder(picture, shown);
    // The same moment again is welcome from another channel: it is another size or quality.
    return order > 0 || (order === 0 && shown.channel !== this.number);
  }
}
