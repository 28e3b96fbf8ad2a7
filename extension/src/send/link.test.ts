import type { AddressInfo } from "node:net";
import type { ProducerMessage } from "@web/gen/messages";
import { parsePicture } from "@web/net/picture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import type { Shot } from "../capture/picture";
import type { Demand } from "../messages";
import type { Failure } from "./failure";
import { failureOfClose, Link, SUBPROTOCOL } from "./link";

/** The other end, as docs/reference/protocols.md has it. */
class Far {
  readonly server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => SUBPROTOCOL });
  readonly heard: ProducerMessage[] = [];
  readonly pictures: { epoch: number; seq: number; capturedAt: number }[] = [];
  socket: WebSocket | null = null;
  path = "";
  private waiting: { met: () => boolean; go: () => void }[] = [];

  constructor(readonly clock: () => number = Date.now) {
    this.server.on("connection", (socket, request) => {
      this.socket = socket;
      this.path = request.url ?? "";
      socket.on("message", (data: Buffer, binary) => {
        if (binary) this.pictures.push(parsePicture(new Uint8Array(data).buffer));
        else {
          const message = JSON.parse(data.toString()) as ProducerMessage;
          if (message.type === "ping") this.say({ type: "pong", id: message.id, now: this.clock() });
          else this.heard.push(message);
        }
        this.look();
      });
      this.look();
    });
  }

  get place(): { server: string; token: string } {
    return { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/live`, token: "a b" };
  }

  say(message: object): void {
    this.socket!.send(JSON.stringify(message));
  }

  async welcome(some: object = {}, demand: Demand = DEMAND): Promise<void> {
    await this.until(() => this.heard.some((one) => one.type === "hello"));
    this.say({ type: "welcome", protocol: 1, stream: "tab:x-1", now: this.clock(), max_bytes: 1000, max_pixels: 1e6, window: 2, ...some });
    this.say({ type: "demand", demand });
  }

  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((go) => this.waiting.push({ met, go }));
  }

  look(): void {
    this.waiting = this.waiting.filter(({ met, go }) => {
      if (!met()) return true;
      go();
      return false;
    });
  }
}

const DEMAND: Demand = { fps: 5, quality: null, width: null, height: null, highlight: false };
const ABOUT = { title: "A page", url: "https://a.example/", masked: false };
const shot = (n: number, size = 10): Shot => ({ mime: "image/jpeg", bytes: new Uint8Array(size).fill(n), width: 100, height: 50, at: Date.now(), masked: false });
const createSocket = (url: string, protocol: string): globalThis.WebSocket => new WebSocket(url, protocol) as unknown as globalThis.WebSocket;

let far: Far;
let links: Link[];
let demands: Demand[];
let failures: Failure[];

function connect(): Link {
  const events = {
    demand: (demand: Demand): void => {
      demands.push(demand);
      far.look();
    },
    ended: (failure: Failure): void => {
      failures.push(failure);
      far.look();
    },
  };
  const link = new Link(far.place, "x-1", ABOUT, events, { createSocket });
  links.push(link);
  return link;
}

async function begin(clock?: () => number): Promise<void> {
  far = new Far(clock);
  await new Promise((listening) => far.server.once("listening", listening));
}

beforeEach(async () => {
  await begin();
  [links, demands, failures] = [[], [], []];
});

afterEach(async () => {
  for (const link of links) link.close();
  far.server.clients.forEach((socket) => socket.terminate());
  await new Promise((closed) => far.server.close(closed));
});

describe("a link", () => {
  test("says hello as a tab, with its token where a socket can carry it, and takes the demand", async () => {
    const link = connect();
    await far.welcome();
    await link.ready;
    expect(far.path).toBe("/live/ws/producer?token=a%20b");
    expect(far.heard[0]).toEqual({ type: "hello", kind: "tab", name: "x-1", ...ABOUT });
    expect(link).toMatchObject({ demand: DEMAND, stream: "tab:x-1", room: true });
    far.say({ type: "demand", demand: null });
    await far.until(() => demands.length === 2);
    expect(demands).toEqual([DEMAND, null]);
  });

  test("has two pictures under way at most, and of those that wait the newest goes", async () => {
    const link = connect();
    await far.welcome();
    await link.ready;
    expect(await Promise.all([link.send(shot(1)), link.send(shot(2))])).toEqual([true, true]);
    const [older, newest] = [link.send(shot(3)), link.send(shot(4))];
    expect(await older).toBe(false);
    await far.until(() => far.pictures.length === 2);
    far.say({ type: "ack", epoch: far.pictures[0]!.epoch, seq: 1 });
    expect(await newest).toBe(true);
    await far.until(() => far.pictures.length === 3);
    expect(far.pictures.map((one) => one.seq)).toEqual([1, 2, 3]);
  });

  test("says times in the server's clock, which may be an hour off", async () => {
    far.server.close();
    await begin(() => Date.now() + 3_600_000);
    const link = connect();
    await far.welcome();
    await link.ready;
    await link.send(shot(1));
    await far.until(() => far.pictures.length === 1);
    expect(Math.abs(far.pictures[0]!.capturedAt - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  test("says what has changed, once", async () => {
    const link = connect();
    await far.welcome();
    await link.ready;
    link.describe(ABOUT);
    link.describe({ ...ABOUT, masked: true });
    link.describe({ ...ABOUT, masked: true });
    link.hidden("in the background");
    link.hidden("in the background");
    await link.send(shot(1));
    link.close("the tab was closed");
    await far.until(() => far.heard.some((one) => one.type === "state" && one.state === "gone"));
    expect(far.heard.slice(1)).toEqual([
      { type: "describe", ...ABOUT, masked: true },
      { type: "state", state: "hidden", reason: "in the background" },
      { type: "state", state: "live" },
      { type: "state", state: "gone", reason: "the tab was closed" },
    ]);
    expect(failures).toEqual([]);
  });

  test("sends no picture that the server would refuse, and says the mend", async () => {
    const link = connect();
    await far.welcome();
    await link.ready;
    await expect(link.send(shot(1, 1001))).rejects.toMatchObject({ why: "refused", message: expect.stringContaining("lower the quality") as string });
  });

  test("does not speak another version of the protocol", async () => {
    const link = connect();
    await far.welcome({ protocol: 2 });
    await expect(link.ready).rejects.toMatchObject({ why: "refused", message: expect.stringContaining("version 2") as string });
    expect(failures).toHaveLength(1);
  });

  test("ends with the reason that the server gives, and takes nothing more", async () => {
    const link = connect();
    await far.welcome({}, null);
    await link.ready;
    far.socket!.close(4401, "this token was revoked");
    await far.until(() => failures.length === 1);
    expect(failures[0]).toMatchObject({ why: "refused", message: "The server refuses this token: this token was revoked" });
    await expect(link.send(shot(1))).rejects.toMatchObject({ why: "away" });
  });

  test("a message that nobody can read changes nothing", async () => {
    const link = connect();
    await far.welcome();
    await link.ready;
    far.socket!.send("not JSON");
    far.say({ type: "of a later version" });
    expect(await link.send(shot(1))).toBe(true);
    await far.until(() => far.pictures.length === 1);
    expect(failures).toEqual([]);
  });
});

test.each([
  [4000, "away"],
  [4400, "refused"],
  [4401, "refused"],
  [4403, "refused"],
  [1012, "away"],
  [1006, "away"],
])("close code %s means %s", (code, why) => {
  expect(failureOfClose(code, "").why).toBe(why);
});
