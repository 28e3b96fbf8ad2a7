// The viewer socket against a real WebSocket server that this file scripts.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket as NodeSocket, WebSocketServer } from "ws";
import type { StreamModel, ViewerCommand, ViewerEvent } from "@/gen/messages";
import { Backoff } from "./backoff";
import type { PaintedFrame } from "./channel";
import { SUBPROTOCOL } from "./connection";
import { LiveSocket } from "./live";

type Heard = Exclude<ViewerCommand, { type: "ping" }> | { type: "binary-ack"; channel: number; epoch: number; seq: number };

const STREAM: StreamModel = {
  id: "page:a",
  kind: "page",
  title: "A page",
  url: null,
  state: "live",
  state_since: 0,
  reason: null,
  masked: false,
  width: 1280,
  height: 720,
  picture_at: null,
  viewers: 0,
  action: null,
  can_close: false, slowed_to: null, pushed: null, node: null,
};

/** One accepted connection: what came in, in order, without pings. */
class Peer {
  private readonly heard: Heard[] = [];
  private wake: (() => void) | null = null;
  isClosed = false;

  constructor(readonly socket: NodeSocket) {
    socket.on("message", (data: Buffer, isBinary) => {
      const command = isBinary
        ? ({ type: "binary-ack", channel: data.readUInt32BE(4), epoch: data.readUInt32BE(8), seq: data.readUInt32BE(12) } as const)
        : (JSON.parse(data.toString()) as ViewerCommand);
      if (command.type === "ping") this.say({ type: "pong", id: command.id, now: Date.now() });
      else this.heard.push(command);
      this.wake?.();
    });
    socket.on("close", () => {
      this.isClosed = true;
      this.wake?.();
    });
  }

  say(event: ViewerEvent): void {
    this.socket.send(JSON.stringify(event));
  }

  hello(streams: StreamModel[] = [STREAM]): void {
    this.say({ type: "hello", protocol: 1, version: "0", now: Date.now(), window: 2, roles: ["viewer"] });
    this.say({ type: "streams", streams });
  }

  picture(channel: number, seq: number, epoch = 1): void {
    const message = Buffer.alloc(33);
    message.writeUInt8(1, 0);
    message.writeUInt8(1, 1);
    message.writeUInt16BE(1, 2);
    message.writeUInt32BE(channel, 4);
    message.writeUInt32BE(epoch, 8);
    message.writeUInt32BE(seq, 12);
    message.writeBigUInt64BE(BigInt(Date.now()) * 1000n, 16);
    message.writeUInt32BE(4, 24);
    message.writeUInt32BE(2, 28);
    this.socket.send(message);
  }

  async next(): Promise<Heard> {
    for (;;) {
      const first = this.heard.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

class Screen {
  readonly painted: PaintedFrame[] = [];
  readonly refusals: string[] = [];
  private wake: () => void = () => undefined;
  readonly view = {
    draw: (): void => undefined,
    painted: (frame: PaintedFrame): void => {
      this.painted.push(frame);
      this.wake();
    },
    opened: (): void => undefined,
    refused: ({ message }: { message: string }): void => void this.refusals.push(message),
    counted: (): void => undefined,
  };

  async shows(count: number): Promise<number[]> {
    while (this.painted.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.painted.map(({ seq }) => seq);
  }
}

let server: WebSocketServer;
let peers: Peer[];
let arrived: (() => void) | null;
let live: LiveSocket;

async function peer(index: number): Promise<Peer> {
  while (peers.length <= index) await new Promise<void>((resolve) => (arrived = resolve));
  return peers[index]!;
}

beforeEach(async () => {
  peers = [];
  arrived = null;
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => SUBPROTOCOL });
  server.on("connection", (socket) => {
    peers.push(new Peer(socket));
    arrived?.();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  live = new LiveSocket(`ws://127.0.0.1:${port}/api/live`, {
    createSocket: (url, protocol) => new NodeSocket(url, protocol) as unknown as WebSocket,
    backoff: new Backoff(() => 0),
    decode: () => Promise.resolve({ width: 4, height: 2, close: () => undefined }),
  });
});

afterEach(() => {
  live.close();
  for (const { socket } of peers) socket.terminate();
  server.close();
});

const wish = { stream: "page:a", fps: 10, quality: null, width: 640 };

describe("a pane", () => {
  it("is asked for after the hello, painted, and acknowledged", async () => {
    const screen = new Screen();
    live.openPane(screen.view).watch(wish);
    const first = await peer(0);
    first.hello();
    expect(await first.next()).toEqual({ type: "watch", pane: 1, ...wish });
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 1);
    expect(await screen.shows(1)).toEqual([1]);
    expect(await first.next()).toEqual({ type: "binary-ack", channel: 7, epoch: 1, seq: 1 });
    const frame = screen.painted[0]!;
    expect(frame.paintedAt).toBeGreaterThanOrEqual(frame.receivedAt);
    expect(live.streams.get("page:a")?.title).toBe("A page");
  });

  it("shares a channel with another of the same wish: decoded once, and the second sees the picture at once", async () => {
    const [one, two] = [new Screen(), new Screen()];
    live.openPane(one.view).watch(wish);
    const first = await peer(0);
    first.hello();
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 1);
    await one.shows(1);
    live.openPane(two.view).watch(wish);
    first.say({ type: "pane", pane: 2, stream: "page:a", channel: 7 });
    expect(await two.shows(1)).toEqual([1]);
    first.picture(7, 2);
    expect(await two.shows(2)).toEqual([1, 2]);
    expect(await one.shows(2)).toEqual([1, 2]);
  });

  it("is not taken back in time by another rendition", async () => {
    const screen = new Screen();
    const pane = live.openPane(screen.view);
    pane.watch(wish);
    const first = await peer(0);
    first.hello();
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 5);
    await screen.shows(1);
    pane.watch({ ...wish, width: 1280 });
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 8 });
    first.picture(8, 4);
    first.picture(8, 5);
    expect(await screen.shows(2)).toEqual([5, 5]);
    first.picture(7, 9);
    first.picture(8, 6);
    expect(await screen.shows(3)).toEqual([5, 5, 6]);
  });

  it("asks for nothing twice, and for nothing after unwatch; late pictures are acknowledged all the same", async () => {
    const screen = new Screen();
    const pane = live.openPane(screen.view);
    pane.watch(wish);
    const first = await peer(0);
    first.hello();
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 1);
    await screen.shows(1);
    pane.watch({ ...wish });
    pane.unwatch();
    first.picture(7, 2);
    const heard = [await first.next(), await first.next(), await first.next(), await first.next()];
    expect(heard.map(({ type }) => type)).toEqual(["watch", "binary-ack", "unwatch", "binary-ack"]);
    expect(screen.painted).toHaveLength(1);
  });

  it("keeps its wish when the stream is not there, and sends it again when it appears", async () => {
    const screen = new Screen();
    live.openPane(screen.view).watch(wish);
    const first = await peer(0);
    first.hello([]);
    await first.next();
    first.say({ type: "error", code: "not_found", message: "there is no stream 'page:a'", pane: 1 });
    first.say({ type: "stream", stream: STREAM });
    expect(await first.next()).toMatchObject({ type: "watch", pane: 1 });
    expect(screen.refusals).toEqual(["there is no stream 'page:a'"]);
  });
});

describe("a lost socket", () => {
  it("comes back by itself, says so, and asks for every pane again", async () => {
    const phases: string[] = [];
    live.on("connection", ({ phase }) => phases.at(-1) === phase || phases.push(phase));
    const [one, two] = [new Screen(), new Screen()];
    live.openPane(one.view).watch(wish);
    live.openPane(two.view).watch({ ...wish, width: 320 });
    const first = await peer(0);
    first.hello();
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 50, 2);
    await one.shows(1);
    first.socket.close(1012);

    const second = await peer(1);
    second.hello();
    expect(await second.next()).toMatchObject({ type: "watch", pane: 1, width: 640 });
    expect(await second.next()).toMatchObject({ type: "watch", pane: 2, width: 320 });
    expect(phases).toEqual(["open", "reconnecting", "open"]);
    // Another server life may count from the start again.
    second.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    second.picture(7, 1, 1);
    expect(await one.shows(2)).toEqual([50, 1]);
  });

  it("says why when the server refuses, and does not hammer it", async () => {
    const refused = new Promise<string | null>((resolve) => {
      live.on("connection", ({ phase, reason }) => phase === "refused" && resolve(reason));
    });
    (await peer(0)).socket.close(4401, "this token has expired");
    expect(await refused).toBe("this token has expired");
    expect(live.state.retryAt! - Date.now()).toBeGreaterThan(20_000);
  });

  it("survives text that is not JSON and bytes that are not a picture", async () => {
    const screen = new Screen();
    live.openPane(screen.view).watch(wish);
    const first = await peer(0);
    first.hello();
    first.socket.send("{");
    first.socket.send(Buffer.from([1, 2, 3]));
    first.say({ type: "pane", pane: 1, stream: "page:a", channel: 7 });
    first.picture(7, 1);
    expect(await screen.shows(1)).toEqual([1]);
  });
});

it("actions of a stream are remembered, oldest first, and begin anew with a new socket", async () => {
  const first = await peer(0);
  first.hello();
  const told = new Promise<void>((resolve) => live.on("action", ({ action }) => action.label === "two" && resolve()));
  for (const label of ["one", "two"]) {
    first.say({ type: "action", stream: "page:a", action: { label, at: 1, selector: null, box: null } });
  }
  await told;
  expect(live.actions.get("page:a")?.map(({ label }) => label)).toEqual(["one", "two"]);
  const again = new Promise<void>((resolve) => live.on("streams", () => resolve()));
  first.socket.close(1012);
  (await peer(1)).hello();
  await again;
  expect(live.actions.size).toBe(0);
});
