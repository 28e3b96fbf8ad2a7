import { describe, expect, it } from "vitest";
import { Backoff } from "@/net/backoff";
import { follow } from "./follow";

/** A server of its own for each request: what it answers, and with which id it was asked to go on. */
function answers(...given: (() => Response)[]): { fetch: typeof fetch; asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const left = [...given];
  return {
    asked,
    fetch: (_url, init) => {
      asked.push(new Headers(init?.headers).get("last-event-id"));
      const next = left.shift();
      return next === undefined ? Promise.reject(new TypeError("refused")) : Promise.resolve(next());
    },
  };
}
const said = (text: string) => (): Response => new Response(text);
const atOnce = new Backoff(() => 0);

describe("following events", () => {
  it("goes on after a loss with the id that came last, until all is told", async () => {
    const server = answers(said("id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: half"), () => new Response("busy", { status: 503 }), said("id: 3\ndata: c\n\n"));
    const told: string[] = [];
    const losses: string[] = [];
    await follow("x", { events: (events) => told.push(...events.map(({ data }) => data)), lost: (why) => losses.push(why), isOver: () => told.includes("c") }, { signal: new AbortController().signal, fetch: server.fetch, backoff: atOnce });
    expect(told).toEqual(["a", "b", "c"]);
    expect(server.asked).toEqual([null, "2", "2"]);
    expect(losses).toHaveLength(2);
  });

  it("stops when the server says that there is nothing more", async () => {
    const server = answers(said("id: 1\ndata: a\n\n"), () => new Response(null, { status: 204 }));
    await follow("x", { events: () => undefined }, { signal: new AbortController().signal, fetch: server.fetch, backoff: atOnce });
    expect(server.asked).toEqual([null, "1"]);
  });

  it("stops when the server refuses, with its sentence", async () => {
    const server = answers(() => Response.json({ detail: "there is no job 9" }, { status: 404 }));
    const refused: string[] = [];
    await follow("x", { events: () => undefined, refused: ({ message }) => refused.push(message) }, { signal: new AbortController().signal, fetch: server.fetch, backoff: atOnce });
    expect(refused).toEqual(["there is no job 9"]);
    expect(server.asked).toHaveLength(1);
  });

  it("stops when nobody wants it any more", async () => {
    const leaving = new AbortController();
    const server = answers(said("id: 1\ndata: a\n\n"), said("id: 2\ndata: b\n\n"));
    await follow("x", { events: () => leaving.abort() }, { signal: leaving.signal, fetch: server.fetch, backoff: atOnce });
    expect(server.asked).toEqual([null]);
  });
});
