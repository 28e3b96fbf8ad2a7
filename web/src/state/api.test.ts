import { afterEach, expect, test, vi } from "vitest";
import { addressOf, ApiError, request, sentenceOf } from "./api";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string, headers: Record<string, string> = {}): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(() => Promise.resolve(new Response(body, { status, headers })));
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("document", { baseURI: "http://host/panes/" });
  return fetched;
}

test("addresses lie below the base of the page", () => {
  expect(addressOf("/api/session", "http://host/panes/")).toBe("http://host/panes/api/session");
  expect(addressOf("api/session", "http://host/")).toBe("http://host/api/session");
});

test("what looks like another machine stays a path", () => {
  expect(addressOf("//evil.example/x", "http://host/")).toBe("http://host/evil.example/x");
  expect(addressOf("javascript:alert(1)", "http://host/")).toBe("http://host/javascript:alert(1)");
});

test("a body is sent as JSON to the relative address", async () => {
  const fetched = answer(200, '{"ok":true}');
  expect(await request("PUT", "/api/layouts/a", { wall: {} })).toEqual({ ok: true });
  const [url, init] = fetched.mock.calls[0] as unknown as [string, RequestInit];
  expect(url).toBe("http://host/panes/api/layouts/a");
  expect(init.method).toBe("PUT");
  expect(init.body).toBe('{"wall":{}}');
});

test("a refusal carries the server's sentence and how long to wait", async () => {
  answer(429, '{"title":"Too many","detail":"wait a little"}', { "retry-after": "17" });
  const error = await request("POST", "/api/session", {}).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 429, message: "wait a little", retryAfter: 17 });
});

test("a sentence begins with a capital letter, the name of a field does not", () => {
  expect(sentenceOf(new Error("this is no token of this server"))).toBe("This is no token of this server");
  expect(sentenceOf(new Error("url = 'x': it has no scheme"))).toBe("url = 'x': it has no scheme");
  expect(sentenceOf("'page:*' is not one stream")).toBe("'page:*' is not one stream");
});

test("a refusal without a sentence names its status", async () => {
  answer(502, "<html>");
  const error = await request("GET", "/api/session").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status: 502, retryAfter: null });
  expect(String(error)).toContain("502");
});

test("an empty answer is null", async () => {
  vi.stubGlobal("document", { baseURI: "http://host/" });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
  expect(await request("DELETE", "/api/session")).toBeNull();
});
