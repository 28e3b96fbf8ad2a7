// The panes of one socket: what each wants to show, and which channel brings its pictures.
import type { ErrorMessage, PaneOpened, PaneStats, ViewerCommand, Watch } from "@/gen/messages";
import { Channel, type ChannelOptions, type PaneScreen, type Seat } from "./channel";
import type { Order, Picture } from "./picture";

export type Wish = Omit<Watch, "type" | "pane">;

/** A pane as its owner sees it. */
export interface PaneView extends PaneScreen {
  /** The server refused the wish; it stays, and is sent again when the stream appears or the socket comes back. */
  refused(error: ErrorMessage): void;
  /** The server has opened the pane: pictures of this stream follow. */
  opened(): void;
  counted(stats: PaneStats): void;
}

export interface PaneHandle {
  /** Show this, or change how it is shown. */
  watch(wish: Wish): void;
  /** Costs nothing from now on. */
  unwatch(): void;
  close(): void;
}

interface Pane extends Seat {
  readonly view: PaneView;
  wish: Wish | null;
  channel: Channel | null;
}

export class Panes {
  private readonly panes = new Map<number, Pane>();
  private readonly channels = new Map<number, Channel>();
  private nextPane = 1;

  constructor(
    private readonly send: (command: ViewerCommand) => void,
    private readonly acknowledge: (channel: number, order: Order, age: number | null) => void,
    private readonly options: Omit<ChannelOptions, "ack">,
  ) {}

  open(view: PaneView): PaneHandle {
    const number = this.nextPane++;
    const pane: Pane = { view, screen: view, shown: null, wish: null, channel: null };
    this.panes.set(number, pane);
    const unwatch = (): void => {
      if (pane.wish === null) return;
      pane.wish = null;
      this.leave(pane);
      this.send({ type: "unwatch", pane: number });
    };
    return {
      watch: (wish) => {
        if (pane.wish !== null && sameWish(pane.wish, wish)) return;
        if (pane.wish?.stream !== wish.stream) pane.shown = null;
        pane.wish = wish;
        this.send({ type: "watch", pane: number, ...wish });
      },
      unwatch,
      close: () => {
        unwatch();
        this.panes.delete(number);
      },
    };
  }

  /** A new socket, or a stream that is there (again): say what we want to see. */
  resume(stream?: string): void {
    for (const [number, pane] of this.panes) {
      if (pane.wish === null || (stream !== undefined && pane.wish.stream !== stream)) continue;
      pane.shown = null;
      this.send({ type: "watch", pane: number, ...pane.wish });
    }
  }

  /** The socket is gone, and its channels with it. */
  lost(): void {
    for (const pane of this.panes.values()) {
      pane.channel = null;
      pane.shown = null;
    }
    const channels = [...this.channels.values()];
    this.channels.clear();
    for (const channel of channels) channel.close();
  }

  opened({ pane: number, channel: channelNumber, stream }: PaneOpened): void {
    const pane = this.panes.get(number);
    if (pane?.wish?.stream !== stream) return;
    const channel = this.channels.get(channelNumber) ?? this.addChannel(channelNumber);
    if (pane.channel !== channel) {
      this.leave(pane);
      pane.channel = channel;
      channel.join(pane);
    }
    pane.view.opened();
  }

  refused(error: ErrorMessage): void {
    if (error.pane !== null) this.panes.get(error.pane)?.view.refused(error);
  }

  counted(stats: PaneStats): void {
    this.panes.get(stats.pane)?.view.counted(stats);
  }

  picture(picture: Picture): void {
    const channel = this.channels.get(picture.channel);
    if (channel !== undefined) channel.put(picture);
    // Nobody shows it any more. Left unacknowledged, it would hold a place in the server's window.
    else this.acknowledge(picture.channel, picture, null);
  }

  private addChannel(number: number): Channel {
    const channel: Channel = new Channel(number, {
      ...this.options,
      ack: (picture, age) => {
        // After `lost` the number may belong to another channel of another socket.
        if (this.channels.get(number) === channel) this.acknowledge(number, picture, age);
      },
    });
    this.channels.set(number, channel);
    return channel;
  }

  private leave(pane: Pane): void {
    const channel = pane.channel;
    pane.channel = null;
    if (channel === null) return;
    channel.leave(pane);
    if (channel.seats.size > 0) return;
    channel.close();
    this.channels.delete(channel.number);
  }
}

function sameWish(a: Wish, b: Wish): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Wish>;
  return [...keys].every((key) => a[key] === b[key]);
}
