// One viewer socket that comes back by itself, says how it is, and keeps the server's clock.
import type { Hello, ViewerCommand, ViewerEvent } from "@/gen/messages";
import { encodeAck } from "./ack";
import { Backoff } from "./backoff";
import { ServerClock } from "./clock";
import { Emitter } from "./emitter";
import { type Order, parsePicture, type Picture } from "./picture";

export const SUBPROTOCOL = "livepane.viewer.v1";

/** `open` only after the server's hello; `refused`: the server said why, and an attempt now and then is all we do. */
export type Phase = "connecting" | "open" | "reconnecting" | "refused";

export interface ConnectionState {
  readonly phase: Phase;
  /** Local time in ms since the Unix epoch. */
  readonly since: number;
  /** When the next attempt starts; null while one is under way or none is needed. */
  readonly retryAt: number | null;
  readonly reason: string | null;
}

export interface ConnectionEvents {
  state: ConnectionState;
  hello: Hello;
  event: ViewerEvent;
  picture: Picture;
}

export interface ConnectionOptions {
  readonly createSocket?: (url: string, protocol: string) => WebSocket;
  readonly backoff?: Backoff;
}

const HELLO_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 5_000;
/** The first pings follow quickly: the shortest round trip of several is a good clock. */
const QUICK_PINGS = 5;
const QUICK_PING_EVERY_MS = 200;
const SILENT_FOR_MS = 12_000;
const REFUSED_RETRY_MS = 30_000;
const REFUSALS: Readonly<Record<number, string>> = {
  4400: "the request was refused",
  4401: "the token is missing, expired or revoked",
  4403: "this token may not watch",
  4404: "there is nothing here to watch",
};

export class Connection extends Emitter<ConnectionEvents> {
  readonly clock = new ServerClock();
  state: ConnectionState = { phase: "connecting", since: Date.now(), retryAt: null, reason: null };
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pings = 0;
  private lastHeard = 0;
  private closed = false;
  private readonly backoff: Backoff;
  private readonly createSocket: (url: string, protocol: string) => WebSocket;

  constructor(
    private readonly url: string,
    options: ConnectionOptions = {},
  ) {
    super();
    this.backoff = options.backoff ?? new Backoff();
    this.createSocket = options.createSocket ?? ((address, protocol) => new WebSocket(address, protocol));
  }

  /** Start connecting; goes on until `close`. */
  open(): void {
    clearTimeout(this.timer);
    if (this.closed || this.socket !== null) return;
    this.set(this.state.phase, null, this.state.reason);
    let socket: WebSocket;
    try {
      socket = this.createSocket(this.url, SUBPROTOCOL);
    } catch (error) {
      this.retry("refused", error instanceof Error ? error.message : String(error), REFUSED_RETRY_MS);
      return;
    }
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.timer = setTimeout(() => this.drop("the server did not say hello"), HELLO_TIMEOUT_MS);
    socket.onmessage = (message) => this.receive(message.data);
    socket.onclose = (event) => this.lost(event.code, event.reason);
  }

  /** Do not wait for the next attempt, such as when the network is back. */
  retryNow(): void {
    if (this.socket === null) this.open();
  }

  /** Send when the socket is open; otherwise the message is dropped, for `hello` brings everything back. */
  send(command: ViewerCommand): void {
    if (this.state.phase === "open" && this.socket?.readyState === 1) this.socket.send(JSON.stringify(command));
  }

  acknowledge(channel: number, order: Order, age: number | null): void {
    if (this.state.phase === "open" && this.socket?.readyState === 1) this.socket.send(encodeAck(channel, order, age));
  }

  close(): void {
    this.closed = true;
    this.detach(1000);
  }

  private receive(data: unknown): void {
    this.lastHeard = performance.now();
    if (data instanceof ArrayBuffer) {
      try {
        this.emit("picture", parsePicture(data, this.clock.now()));
      } catch (error) {
        console.warn("livepane:", error);
      }
      return;
    }
    let event: ViewerEvent;
    try {
      event = JSON.parse(String(data)) as ViewerEvent;
    } catch {
      console.warn("livepane: the server sent text that is not JSON");
      return;
    }
    if (event.type === "hello") this.greeted(event);
    else if (event.type === "pong") this.clock.pong(event.id, event.now);
    this.emit("event", event);
  }

  private greeted(hello: Hello): void {
    const protocol: number = hello.protocol;
    if (protocol !== 1) {
      this.detach(4400);
      this.retry("refused", `the server speaks version ${protocol} of the protocol, this page version 1`);
      return;
    }
    this.backoff.reset();
    this.clock.reset();
    this.clock.guess(hello.now);
    this.pings = 0;
    this.set("open", null, null);
    this.emit("hello", hello);
    this.ping();
  }

  private ping(): void {
    clearTimeout(this.timer);
    const waiting = this.clock.waitingSince !== null;
    if (waiting && performance.now() - this.lastHeard > SILENT_FOR_MS) {
      this.drop("the server fell silent");
      return;
    }
    this.send({ type: "ping", id: this.clock.ping(), rtt: this.clock.roundTrip });
    this.pings += 1;
    this.timer = setTimeout(() => this.ping(), this.pings < QUICK_PINGS ? QUICK_PING_EVERY_MS : PING_EVERY_MS);
  }

  private drop(reason: string): void {
    this.detach(4000);
    this.retry("reconnecting", reason);
  }

  private lost(code: number, reason: string): void {
    this.detach();
    const refusal = REFUSALS[code];
    if (refusal !== undefined) this.retry("refused", reason || refusal, REFUSED_RETRY_MS);
    else this.retry("reconnecting", code === 1012 ? "the server restarts" : reason || "the server cannot be reached");
  }

  private retry(phase: Phase, reason: string, delay = this.backoff.next()): void {
    if (this.closed) return;
    this.set(phase, Date.now() + delay, reason);
    this.timer = setTimeout(() => this.open(), delay);
  }

  private detach(code?: number): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    if (code !== undefined && socket.readyState <= 1) socket.close(code);
  }

  private set(phase: Phase, retryAt: number | null, reason: string | null): void {
    const since = phase === this.state.phase ? this.state.since : Date.now();
    this.state = { phase, since, retryAt, reason };
    this.emit("state", this.state);
  }
}
