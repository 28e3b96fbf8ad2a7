// One viewer socket that comes back by itself, says how it is, and keeps the server's clock.
import type { Hello, ViewerCommand, ViewerEvent } from "@/gen/messages";
import { encodeAck } from "./ack";
import { Backoff } from "./backoff";
import { ServerClock } from "./clock";
import { Emitter } from "./emitter";
import { type Order, parsePicture, type Picture } from "./picture";
import { Refusal, type RefusalCode } from "./refusal";

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
  /** Which no it was; null unless the phase is `refused`, and when this page itself cannot go on. */
  readonly refusal: RefusalCode | null;
}

/** Where the socket is; asked for anew before each attempt when it is good for one only. */
export type Address = string | ((signal: AbortSignal) => Promise<string>);

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
const UNREACHED = "the server cannot be reached";

export class Connection extends Emitter<ConnectionEvents> {
  readonly clock = new ServerClock();
  state: ConnectionState = { phase: "connecting", since: Date.now(), retryAt: null, reason: null, refusal: null };
  private socket: WebSocket | null = null;
  /** Aborted when the attempt that is under way is given up. */
  private asking: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pings = 0;
  private lastHeard = 0;
  private closed = false;
  private readonly backoff: Backoff;
  private readonly createSocket: (url: string, protocol: string) => WebSocket;

  constructor(
    private readonly address: Address,
    options: ConnectionOptions = {},
  ) {
    super();
    this.backoff = options.backoff ?? new Backoff();
    this.createSocket = options.createSocket ?? ((address, protocol) => new WebSocket(address, protocol));
  }

  /** Start connecting; goes on until `close`. */
  open(): void {
    clearTimeout(this.timer);
    if (this.closed || this.socket !== null || this.asking !== null) return;
    this.set(this.state.phase, null, this.state.reason, this.state.refusal);
    this.timer = setTimeout(() => this.drop("the server did not say hello"), HELLO_TIMEOUT_MS);
    if (typeof this.address === "string") this.connect(this.address);
    else void this.ask(this.address);
  }

  /** Do not wait for the next attempt, such as when the network is back. */
  retryNow(): void {
    if (this.socket === null && this.asking === null) this.open();
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

  private async ask(address: (signal: AbortSignal) => Promise<string>): Promise<void> {
    const asking = (this.asking = new AbortController());
    let url: string;
    try {
      url = await address(asking.signal);
    } catch (error) {
      if (this.asking !== asking) return;
      this.detach();
      if (error instanceof Refusal) this.refused(error);
      else this.retry("reconnecting", UNREACHED);
      return;
    }
    if (this.asking !== asking) return;
    this.asking = null;
    this.connect(url);
  }

  private connect(url: string): void {
    let socket: WebSocket;
    try {
      socket = this.createSocket(url, SUBPROTOCOL);
    } catch (error) {
      this.detach();
      this.refused(new Refusal(4400, error instanceof Error ? error.message : String(error)));
      return;
    }
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = (message) => this.receive(message.data);
    socket.onclose = (event) => this.lost(event.code, event.reason);
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
      this.refused(new Refusal(4400, `the server speaks version ${protocol} of the protocol, this page version 1`));
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
    const refusal = Refusal.of(code, reason);
    if (refusal !== null) this.refused(refusal);
    else this.retry("reconnecting", code === 1012 ? "the server restarts" : reason || UNREACHED);
  }

  private refused({ code, message, retryMs }: Refusal): void {
    this.retry("refused", message, retryMs, code);
  }

  private retry(phase: Phase, reason: string, delay = this.backoff.next(), refusal: RefusalCode | null = null): void {
    if (this.closed) return;
    this.set(phase, Date.now() + delay, reason, refusal);
    this.timer = setTimeout(() => this.open(), delay);
  }

  private detach(code?: number): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    if (code !== undefined && socket.readyState <= 1) socket.close(code);
  }

  private set(phase: Phase, retryAt: number | null, reason: string | null, refusal: RefusalCode | null = null): void {
    const since = phase === this.state.phase ? this.state.since : Date.now();
    this.state = { phase, since, retryAt, reason, refusal };
    this.emit("state", this.state);
  }
}
