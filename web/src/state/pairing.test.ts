// A code on its way through a browser.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { lookAtPairing, makePairing, pairing, streamOfBrowser } from "./pairing";

const answers: [number, object][] = [];
const asked: string[] = [];

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "http://localhost/" });
  vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
    asked.push(`${method ?? "GET"} ${new URL(url).pathname}`);
    const [status, body] = answers.shift()!;
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
  pairing.value = null;
});

it("waits until a browser has used it, and then knows its name and asks no more", async () => {
  answers.push([201, { code: "ABCD-EFGH", id: "p1", expires_in_seconds: 600 }], [200, { state: "waiting", name: null }], [200, { state: "paired", name: "laptop" }]);
  await makePairing();
  await lookAtPairing();
  expect(pairing.value).toMatchObject({ code: "ABCD-EFGH", state: "waiting" });
  await lookAtPairing();
  expect(pairing.value).toMatchObject({ state: "paired", name: "laptop" });
  await lookAtPairing();
  expect(asked).toEqual(["POST /api/pairings", "GET /api/pairings/p1", "GET /api/pairings/p1"]);
});

it("counts as expired when the server knows it no more, and says other trouble", async () => {
  answers.push([201, { code: "ABCD-EFGH", id: "p2", expires_in_seconds: 600 }], [500, { detail: "out of order" }], [404, {}]);
  await makePairing();
  await expect(lookAtPairing()).rejects.toThrow("out of order");
  await lookAtPairing();
  expect(pairing.value?.state).toBe("expired");
});

it("knows the streams of a browser from those of one whose name begins the same", () => {
  const streams = [{ id: "tab:home-1", state: "live" }, { id: "tab:home-2", state: "gone" }, { id: "tab:homely-1", state: "live" }];
  expect(streamOfBrowser("home", streams)).toBe("tab:home-1");
  expect(streamOfBrowser("hom", streams)).toBeNull();
});
