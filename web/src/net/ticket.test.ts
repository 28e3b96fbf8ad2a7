// A token on its way to a socket, against a real server that this file scripts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket as NodeSocket, WebSocketServer } from "ws";
import { Backoff } from "./backoff";
import { Connection, type ConnectionState, SUBPROTOCOL } from "./connection";
import { ticketed } from "./ticket";

let http: Server;
let sockets: WebSocketServer;
let server: string;
let asked: { authorization: string | undefined; path: string | undefined }[];
let opened: string[];
let answer: (response: ServerResponse) => void;
let connection: Connection | null;

beforeEach(async () => {
  [asked, opened, connection] = [[], [], null];
  let count = 0;
  answer = (response) => response.end(JSON.stringify({ ticket: `t${(count += 1)}`, expires_in_seconds: 30 }));
  http = createServer((request: IncomingMessage, response) => {
    asked.push({ authorization: request.headers.authorization, path: request.url });
    answer(response);
  });
  sockets = new WebSocketServer({ server: http, handleProtocols: () => SUBPROTOCOL });
  sockets.on("connection", (socket, request) => {
    opened.push(request.url ?? "");
    socket.send(JSON.stringify({ type: "hello", protocol: 1, version: "0", now: Date.now(), window: 2, roles: ["viewer"] }));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server = `http://127.0.0.1:${(http.address() as AddressInfo).port}/panes`;
});

afterEach(async () => {
  connection?.close();
  for (const socket of sockets.clients) socket.terminate();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

/** Connect with a token; resolves when the connection is in a state that `wanted` accepts. */
async function until(wanted: (state: ConnectionState) => boolean): Promise<ConnectionState> {
  connection ??= new Connection((signal) => ticketed(server, "s3cret", signal), {
    backoff: new Backoff(() => 0),
    createSocket: (url, protocol) => new NodeSocket(url, protocol) as unknown as WebSocket,
  });
  const mine = connection;
  const there = new Promise<ConnectionState>((resolve) => mine.on("state", (state) => wanted(state) && resolve(state)));
  mine.open();
  return there;
}

it("the token is in a header, and the socket's address has a ticket", async () => {
  await until(({ phase }) => phase === "open");
  expect(asked).toEqual([{ authorization: "Bearer s3cret", path: "/panes/api/tickets" }]);
  expect(opened).toEqual(["/panes/api/live?ticket=t1"]);
});

it("each attempt takes a ticket of its own", async () => {
  await until(({ phase }) => phase === "open");
  const back = new Promise<void>((resolve) => {
    let wasLost = false;
    connection?.on("state", ({ phase }) => {
      if (phase === "reconnecting") wasLost = true;
      if (phase === "open" && wasLost) resolve();
    });
  });
  for (const socket of sockets.clients) socket.terminate();
  await back;
  expect(opened).toEqual(["/panes/api/live?ticket=t1", "/panes/api/live?ticket=t2"]);
});

it("a refused token opens no socket, says why in the server's words, and waits long", async () => {
  answer = (response) => {
    response.writeHead(401, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ detail: "this share link has expired" }));
  };
  const before = Date.now();
  const state = await until(({ phase }) => phase === "refused");
  expect(state).toMatchObject({ refusal: 4401, reason: "this share link has expired" });
  expect(state.retryAt).toBeGreaterThanOrEqual(before + 30_000);
  expect(opened).toEqual([]);
});

it("a server that asks for a longer pause gets it", async () => {
  answer = (response) => {
    response.writeHead(429, { "retry-after": "120" });
    response.end();
  };
  const before = Date.now();
  const { retryAt } = await until(({ phase }) => phase === "refused");
  expect(retryAt).toBeGreaterThanOrEqual(before + 120_000);
});

it("a server that is away, or broken for a while, is asked again soon", async () => {
  let failures = 0;
  const fine = answer;
  answer = (response) => {
    failures += 1;
    if (failures > 2) {
      fine(response);
      return;
    }
    response.writeHead(503);
    response.end();
  };
  await until(({ phase }) => phase === "open");
  expect(failures).toBe(3);
  expect(opened).toHaveLength(1);
});
