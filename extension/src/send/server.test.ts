import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Shot } from "../capture/picture";
import { Failure } from "./failure";
import { publish } from "./publish";
import { codeOf, find, pair } from "./server";

interface Seen {
  path: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

type Answers = Record<string, [status: number, body: unknown, headers?: Record<string, string>]>;

let http: Server;
let url: string;
let answers: Answers;
let seen: Seen[];

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  seen.push({ path: request.url ?? "", authorization: request.headers.authorization, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) });
  const [status, body, headers] = answers[request.url ?? ""] ?? [404, "nothing here"];
  response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}

beforeEach(async () => {
  [answers, seen] = [{}, []];
  http = createServer((request, response) => void respond(request, response));
  await new Promise<void>((ready) => http.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise((closed) => http.close(closed));
});

const shot: Shot = { mime: "image/jpeg", bytes: new Uint8Array([0xff, 0xd8, 0xff]), width: 2, height: 1, at: 1_790_000_000_000, masked: true };
const about = { source: "chrome-x1-1", title: "A page", url: "https://a.example/", every: 3000 };
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error(`no failure but ${String(error)}`);
  return error;
};

describe("what a server is", () => {
  test("one of ours says its version and what the token may do", async () => {
    answers["/api/session"] = [200, { version: "1.2.3", roles: ["producer"], streams: ["tab:x*"] }];
    expect(await find({ server: url, token: "secret" })).toEqual({ kind: "livepane", version: "1.2.3", mayPublish: true, streams: ["tab:x*"] });
    expect(seen).toEqual([{ path: "/api/session", authorization: "Bearer secret", body: {} }]);
  });

  test("a compatible one says what is missing from an empty publication, and gets no picture", async () => {
    answers["/publish"] = [400, { error: "Missing frame data" }];
    expect(await find({ server: url, token: "" })).toEqual({ kind: "plain" });
    expect(seen.map(({ path, authorization }) => [path, authorization])).toEqual([["/api/session", undefined], ["/publish", undefined]]);
  });

  test("anything else that answers is something else", async () => {
    answers["/api/session"] = [200, "<!doctype html><title>A router</title>"];
    expect(await find({ server: url, token: "" })).toMatchObject({ kind: "other" });
  });

  test("a token that is not good any more is refused, in the server's words", async () => {
    answers["/api/session"] = [401, { error: "this token was revoked" }];
    expect(await find({ server: url, token: "old" })).toEqual({ kind: "refused", reason: "The server refuses this token: this token was revoked" });
  });

  test("nobody there is said with the address", async () => {
    expect(await find({ server: "http://127.0.0.1:1", token: "" })).toMatchObject({ kind: "away", reason: expect.stringContaining("127.0.0.1:1") as string });
  });
});

describe("publishing", () => {
  test("sends what the wire asks for", async () => {
    answers["/publish"] = [200, { status: "ok" }];
    await publish({ server: url, token: "t" }, shot, about);
    expect(seen[0]).toEqual({
      path: "/publish",
      authorization: "Bearer t",
      body: { frame: "data:image/jpeg;base64,/9j/", source: "chrome-x1-1", title: "A page", url: "https://a.example/", timestamp: new Date(shot.at).toISOString(), masked: true, every_ms: 3000 },
    });
  });

  test.each([
    [401, "refused", null],
    [400, "refused", null],
    [413, "refused", null],
    [429, "busy", 7000],
    [503, "away", 7000],
    [500, "away", 7000],
  ] as const)("an answer of %s is %s", async (status, why, after) => {
    answers["/publish"] = [status, { error: "in the server's words" }, { "Retry-After": "7" }];
    const failure = await failureOf(publish({ server: url, token: "" }, shot, about));
    expect(failure).toMatchObject({ why, after });
    expect(failure.message).toContain("in the server's words");
  });

  test("a server that sends us elsewhere gets no picture there", async () => {
    answers["/publish"] = [307, "", { location: `${url}/elsewhere` }];
    answers["/elsewhere"] = [200, { status: "ok" }];
    expect(await failureOf(publish({ server: url, token: "t" }, shot, about))).toMatchObject({ why: "away" });
    expect(seen.map((one) => one.path)).toEqual(["/publish"]);
  });
});

describe("pairing", () => {
  test("a code is one however it is typed", () => {
    expect(codeOf(" abcd efgh ")).toBe("ABCD-EFGH");
    expect(codeOf("ABCD-EFGH")).toBe("ABCD-EFGH");
    for (const wrong of ["", "ABCD", "ABCD-EFGHI", "ABCD-EFG!"]) expect(codeOf(wrong)).toBeNull();
  });

  test("gives the token of this installation", async () => {
    answers["/api/pair"] = [200, { token: "lp_1", streams: ["tab:chrome-x1*"], server: { version: "1" } }];
    expect(await pair(url, "ABCD-EFGH", "chrome-x1")).toBe("lp_1");
    expect(seen[0]).toMatchObject({ path: "/api/pair", body: { code: "ABCD-EFGH", name: "chrome-x1" } });
  });

  test("a code that is not good is said in the server's words", async () => {
    answers["/api/pair"] = [404, { detail: "this code has expired" }];
    expect((await failureOf(pair(url, "ABCD-EFGH", "x"))).message).toBe("this code has expired");
  });
});
