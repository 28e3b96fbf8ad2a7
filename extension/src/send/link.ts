// One tab's connection to our own server: demand comes down; pictures, title, state go up. Lives once; whoever made it makes another.
import type { ProducerCommand, ProducerMessage, Welcome } from "@web/gen/messages";
import { localNow, ServerClock } from "@web/net/clock";
import type { Shot } from "../capture/picture";
import type { Demand } from "../messages";
import { Failure } from "./failure";
import { frameOf } from "./frame";
import type { Place } from "./server";

export const SUBPROTOCOL = "livepane.producer.v1";
const VERSION = 1;
const WELCOME_WITHIN_MS = 10_000;
/** Also what keeps a service worker alive: it is put to sleep after 30 s in which nothing came. */
const PING_EVERY_MS = 15_000;
const QUICK_PINGS = 3;
const QUICK_PING_EVERY_MS = 100;
const SILENT_FOR_MS = 35_000;
const LONGEST_LABEL = 500;
const LONGEST_URL = 8192;
const EPOCH_ZERO = Date.UTC(2020, 0, 1) / 1000;

export interface Described {
  readonly title: string;
  readonly url: string;
  readonly masked: boolean;
}

export interface LinkEvents {
  /** What viewers want has changed. */
  demand(demand: Demand): void;
  /** The connection has ended; not told after `close`. */
  ended(failure: Failure): void;
}

export interface LinkOptions {
  readonly createSocket?: (url: string, protocol: string) => WebSocket;
}

/** A picture that waits for room, and whoever waits for it. */
interface Held {
  readonly shot: Shot;
  readonly settle: (sent: boolean) => void;
}

export class Link {
  private static lastEpoch = 0;
  /** Undefined until the server has said it. */
  demand: Demand | undefined;
  /** Settled when the server has welcomed us and said whether anybody looks. */
  readonly ready: Promise<void>;
  /** `tab:…`; empty before the welcome. */
  stream = "";
  private readonly clock = new ServerClock();
  private readonly socket: WebSocket;
  private readonly epoch = Math.max(Link.lastEpoch + 1, Math.floor(Date.now() / 1000 - EPOCH_ZERO));
  private limits: Welcome | null = null;
  private unacknowledged: number[] = [];
  private held: Held | null = null;
  private seq = 0;
  private pings = 0;
  private heard = localNow();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private said: Described;
  private state: "live" | "hidden" = "live";
  private over = false;
  private settled: { resolve(): void; reject(failure: Failure): void } | null = null;

  constructor(
    place: Place,
    private readonly name: string,
    described: Described,
    private readonly events: LinkEvents,
    options: LinkOptions = {},
  ) {
    Link.lastEpoch = this.epoch;
    this.said = cut(described);
    this.ready = new Promise((resolve, reject) => (this.settled = { resolve, reject }));
    this.ready.catch(() => undefined); // told by `ended`, too
    const create = options.createSocket ?? ((url, protocol) => new WebSocket(url, protocol));
    this.socket = create(addressOf(place), SUBPROTOCOL);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.greet();
    this.socket.onmessage = (message) => this.receive(message.data);
    this.socket.onclose = (event) => this.lost(event.code, event.reason);
    this.timer = setTimeout(() => this.end(new Failure("away", "the server does not answer on its producer socket")), WELCOME_WITHIN_MS);
  }

  /** Whether a picture would go out at once. */
  get room(): boolean {
    return !this.over && this.limits !== null && this.unacknowledged.length < this.limits.window;
  }

  /**
   * Send a picture as soon as there is room; a newer one takes the place of one that still waits. True when it went out.
   * Throws Failure when the connection has ended, or when the server takes no picture of that size.
   */
  async send(shot: Shot): Promise<boolean> {
    if (this.over) throw new Failure("away", "the connection to the server has ended");
    this.check(shot);
    if (this.state === "hidden") this.live();
    if (this.room) {
      this.transmit(shot);
      return true;
    }
    return new Promise((settle) => {
      this.held?.settle(false);
      this.held = { shot, settle };
    });
  }

  /** The page was looked at, and is what viewers see already. */
  live(): void {
    this.state = "live";
    this.say({ type: "state", state: "live" });
  }

  hidden(reason: string): void {
    if (this.state === "hidden") return;
    this.state = "hidden";
    this.say({ type: "state", state: "hidden", reason });
  }

  describe(described: Described): void {
    const now = cut(described);
    if (now.title === this.said.title && now.url === this.said.url && now.masked === this.said.masked) return;
    this.said = now;
    if (this.limits !== null) this.say({ type: "describe", ...now });
  }

  /** Leave. With a reason the stream ends for good, without one it may come back. */
  close(reason?: string): void {
    if (this.over) return;
    if (reason !== undefined && this.limits !== null) this.say({ type: "state", state: "gone", reason });
    this.detach();
    this.settled?.reject(new Failure("away", "the connection was closed"));
    this.settled = null;
  }

  private greet(): void {
    this.clock.ping(); // the welcome carries the server's clock; pings give a better one
    this.say({ type: "hello", kind: "tab", name: this.name, ...this.said });
  }

  private receive(data: unknown): void {
    this.heard = localNow();
    let message: ProducerCommand;
    try {
      message = JSON.parse(String(data)) as ProducerCommand;
    } catch {
      return; // a message that we do not understand changes nothing
    }
    switch (message.type) {
      case "welcome":
        this.welcomed(message);
        break;
      case "demand":
        this.demand = message.demand;
        this.settled?.resolve();
        this.settled = null;
        if (message.demand === null) this.release(false);
        this.events.demand(message.demand);
        break;
      case "ack":
        this.unacknowledged = this.unacknowledged.filter((seq) => message.epoch < this.epoch || seq > message.seq);
        this.release(true);
        break;
      case "pong":
        this.clock.pong(message.id, message.now);
        break;
      case "error":
        console.warn(`livepane: the server refused something of ${this.name}: ${message.message}`);
        break;
    }
  }

  private welcomed(welcome: Welcome): void {
    const protocol: number = welcome.protocol;
    if (protocol !== VERSION) {
      const mend = protocol > VERSION ? "Update this extension." : "Update the server.";
      this.end(new Failure("refused", `The server speaks version ${protocol} of the protocol, this extension version ${VERSION}. ${mend}`));
      return;
    }
    this.limits = welcome;
    this.stream = welcome.stream;
    this.clock.guess(welcome.now);
    this.ping();
  }

  private ping(): void {
    clearTimeout(this.timer);
    if (localNow() - this.heard > SILENT_FOR_MS) {
      this.end(new Failure("away", "the server fell silent"));
      return;
    }
    this.say({ type: "ping", id: this.clock.ping(), rtt: this.clock.roundTrip });
    this.pings += 1;
    this.timer = setTimeout(() => this.ping(), this.pings < QUICK_PINGS ? QUICK_PING_EVERY_MS : PING_EVERY_MS);
  }

  /** There is room, or nobody wants what is held. */
  private release(out: boolean): void {
    if (this.held === null || (out && !this.room)) return;
    const { shot, settle } = this.held;
    this.held = null;
    if (out) this.transmit(shot);
    settle(out);
  }

  private transmit(shot: Shot): void {
    this.seq += 1;
    this.unacknowledged.push(this.seq);
    this.socket.send(frameOf(shot, this.epoch, this.seq, shot.at + this.clock.offset));
  }

  private check(shot: Shot): void {
    if (this.limits === null) return;
    const { max_bytes, max_pixels } = this.limits;
    if (shot.bytes.length <= max_bytes && shot.width * shot.height <= max_pixels) return;
    throw new Failure(
      "refused",
      `This picture has ${shot.width} × ${shot.height} pixels and ${Math.round(shot.bytes.length / 1000)} kB; the server takes at most ` +
        `${max_pixels / 1e6} megapixels and ${Math.round(max_bytes / 1000)} kB. Make the window smaller, or lower the quality.`,
    );
  }

  private say(message: ProducerMessage): void {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private lost(code: number, said: string): void {
    this.end(failureOfClose(code, said));
  }

  private end(failure: Failure): void {
    if (this.over) return;
    this.detach();
    this.settled?.reject(failure);
    this.settled = null;
    this.events.ended(failure);
  }

  private detach(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.held?.settle(false);
    this.held = null;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    if (this.socket.readyState <= 1) this.socket.close(1000);
  }
}

/** What a close code of the producer socket means. */
export function failureOfClose(code: number, said: string): Failure {
  switch (code) {
    case 4000:
      return new Failure("away", `Another producer shares under this name: ${said || "the name is taken"}`);
    case 4400:
      return new Failure("refused", `The server does not understand this extension: ${said || "bad request"}`);
    case 4401:
      return new Failure("refused", `The server refuses this token: ${said || "it is unknown, revoked or expired"}`);
    case 4403:
      return new Failure("refused", `This token may not share tabs: ${said || "pair again"}`);
    case 1012:
      return new Failure("away", "The server restarts");
    default:
      return new Failure("away", said || "The server cannot be reached");
  }
}

function addressOf({ server, token }: Place): string {
  const query = token === "" ? "" : `?token=${encodeURIComponent(token)}`;
  return `${server.replace(/^http/, "ws")}/ws/producer${query}`;
}

function cut({ title, url, masked }: Described): Described {
  return { title: title.slice(0, LONGEST_LABEL), url: url.slice(0, LONGEST_URL), masked };
}
