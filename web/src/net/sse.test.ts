import { describe, expect, it } from "vitest";
import { EventParser, eventsOf } from "./sse";

const STREAM = 'id: 7\r\nevent: item\r\ndata: {"title":\r\ndata:  "Ö"}\r\n\r\n: ping\r\n\r\ndata: two\n\ndata: three\r\revent: only a name\n\n';
const EVENTS = [
  { id: "7", event: "item", data: '{"title":\n "Ö"}' },
  { id: "7", event: "message", data: "two" },
  { id: "7", event: "message", data: "three" },
];

describe("server-sent events", () => {
  it("are the same wherever the stream is cut, in a line, in CRLF", () => {
    for (let at = 0; at <= STREAM.length; at += 1) {
      const parser = new EventParser();
      expect([...parser.push(STREAM.slice(0, at)), ...parser.push(STREAM.slice(at))]).toEqual(EVENTS);
    }
  });

  it("are the same one character at a time", () => {
    const parser = new EventParser();
    expect(Array.from(STREAM).flatMap((char) => parser.push(char))).toEqual(EVENTS);
  });

  it("are not made of what is unfinished, and a byte order mark is no part of them", () => {
    expect(new EventParser().push("data: half")).toEqual([]);
    expect(new EventParser().push("data: half\n")).toEqual([]);
    expect(new EventParser().push("\uFEFFdata: x\n\n")).toEqual([{ id: "", event: "message", data: "x" }]);
  });

  it("keep a character whose bytes come in two pieces", async () => {
    const bytes = new TextEncoder().encode("data: Zürich 東京\n\n");
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const found = [];
    for await (const events of eventsOf(body)) found.push(...events);
    expect(found).toEqual([{ id: "", event: "message", data: "Zürich 東京" }]);
  });
});
