import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Found } from "../messages";
import { Lines, usable } from "./lines";

const ENDS = { source: "x-1", described: { title: "", url: "", masked: false }, every: 3000 };
let http: Server;
let place: { server: string; token: string };
let asked: string[];
let found: (Found | null)[];
let lines: Lines;

beforeEach(async () => {
  [asked, found] = [[], []];
  http = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(request.url === "/publish" ? 400 : 404).end("{}");
  });
  await new Promise<void>((ready) => http.listen(0, "127.0.0.1", ready));
  place = { server: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, token: "" };
  lines = new Lines({ demand: () => undefined, ended: () => undefined, found: (one) => found.push(one) });
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise((closed) => http.close(closed));
});

test("many tabs that begin together ask once what the server is", async () => {
  const all = await Promise.all([1, 2, 3].map((tab) => lines.of(tab, place, ENDS, null)));
  expect(all.map((line) => line.demand?.fps)).toEqual([1000, 1000, 1000]);
  expect(asked).toEqual(["/api/session", "/publish"]);
  expect(found).toEqual([{ kind: "plain" }]);
  expect(await lines.of(1, place, ENDS, null)).toBe(all[0]);
});

test("what is known already is not asked", async () => {
  await lines.of(1, place, ENDS, { kind: "plain" });
  expect(asked).toEqual([]);
});

test("a line that was closed before it was open stays closed", async () => {
  const opening = lines.of(1, place, ENDS, null);
  lines.close(1);
  await expect(opening).rejects.toMatchObject({ why: "away" });
  expect(lines.get(1)).toBeNull();
});

test("a server that cannot take pictures is refused with its reason", () => {
  expect(() => usable({ kind: "livepane", version: "1", mayPublish: false, streams: [] })).toThrow("Pair this browser again");
  expect(() => usable({ kind: "other", reason: "a router" })).toThrow("a router");
  expect(() => usable({ kind: "away", reason: "nobody" })).toThrow("nobody");
});
