// Everything that one viewer socket brings: the list of streams, the panes and the clock.
import { decodeBitmap } from "@/decode/bitmap";
import type { ActionModel, Budget, Hello, SpotModel, StreamModel, ViewerEvent } from "@/gen/messages";
import { type Address, Connection, type ConnectionOptions, type ConnectionState } from "./connection";
import { Emitter } from "./emitter";
import { type PaneHandle, Panes, type PaneView } from "./panes";
import type { Picture } from "./picture";

export interface LiveEvents {
  connection: ConnectionState;
  /** The whole list is new, after each hello. */
  streams: ReadonlyMap<string, StreamModel>;
  stream: StreamModel;
  removed: string;
  action: { readonly stream: string; readonly action: ActionModel };
  /** The element that is worked on has moved, or is another one: the id of its stream. */
  highlight: string;
  budget: Budget;
}

export interface LiveOptions extends ConnectionOptions {
  readonly decode?: (picture: Picture) => Promise<ImageBitmap>;
}

const ACTIONS_KEPT = 500;

export class LiveSocket extends Emitter<LiveEvents> {
  readonly streams = new Map<string, StreamModel>();
  /** Actions per watched stream, oldest first: the server tells them once per socket, with the first pane of a stream. */
  readonly actions = new Map<string, ActionModel[]>();
  /** Where elements are worked on, by stream; for panes that want to know. */
  readonly spots = new Map<string, SpotModel>();
  hello: Hello | null = null;
  /** Whether the list of streams has come; before that, an unknown stream may well exist. */
  listed = false;
  private readonly connection: Connection;
  private readonly panes: Panes;

  constructor(address: Address, options: LiveOptions = {}) {
    super();
    this.connection = new Connection(address, options);
    this.panes = new Panes(
      (command) => this.connection.send(command),
      (channel, order, age) => this.connection.acknowledge(channel, order, age),
      { decode: options.decode ?? decodeBitmap, now: () => this.clock.now() },
    );
    this.connection.on("state", (state) => {
      if (state.phase !== "open") {
        this.listed = false;
        this.spots.clear();
        this.panes.lost();
      }
      this.emit("connection", state);
    });
    this.connection.on("hello", (hello) => {
      this.hello = hello;
      this.actions.clear();
      this.panes.resume();
    });
    this.connection.on("event", (event) => this.handle(event));
    this.connection.on("picture", (picture) => this.panes.picture(picture));
    this.connection.open();
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  get clock(): Connection["clock"] {
    return this.connection.clock;
  }

  openPane(view: PaneView): PaneHandle {
    return this.panes.open(view);
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  close(): void {
    this.panes.lost();
    this.connection.close();
  }

  private handle(event: ViewerEvent): void {
    switch (event.type) {
      case "streams":
        this.streams.clear();
        for (const stream of event.streams) this.streams.set(stream.id, stream);
        this.listed = true;
        this.emit("streams", this.streams);
        break;
      case "stream":
        this.changed(event.stream);
        break;
      case "stream_removed":
        this.streams.delete(event.id);
        this.actions.delete(event.id);
        this.spots.delete(event.id);
        this.emit("removed", event.id);
        break;
      case "pane":
        this.panes.opened(event);
        break;
      case "action":
        this.remember(event.stream, event.action);
        this.emit("action", event);
        break;
      case "highlight":
        if (event.spot === null) this.spots.delete(event.stream);
        else this.spots.set(event.stream, event.spot);
        this.emit("highlight", event.stream);
        break;
      case "stats":
        for (const stats of event.panes) this.panes.counted(stats);
        break;
      case "budget":
        this.emit("budget", event);
        break;
      case "error":
        if (event.pane === null) console.warn("livepane:", event.message);
        this.panes.refused(event);
        break;
      case "hello":
      case "pong":
        break;
    }
  }

  private remember(stream: string, action: ActionModel): void {
    const list = this.actions.get(stream) ?? [];
    this.actions.set(stream, [...list.slice(1 - ACTIONS_KEPT), action]);
  }

  private changed(stream: StreamModel): void {
    const isNew = this.listed && !this.streams.has(stream.id);
    this.streams.set(stream.id, stream);
    this.emit("stream", stream);
    if (isNew) this.panes.resume(stream.id);
  }
}
