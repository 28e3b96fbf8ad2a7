// Server-sent events out of the pieces in which they arrive, as the HTML standard parses them (§ 9.2.6).

export interface ServerEvent {
  /** The last id that the stream has named, up to here; "" before the first. */
  readonly id: string;
  /** "message" where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** Feed it text as it comes: a piece may end anywhere, in a line, between CR and LF. */
export class EventParser {
  private rest = "";
  private data: string[] = [];
  private event = "";
  private id = "";
  private isFirst = true;

  push(text: string): ServerEvent[] {
    let piece = text;
    if (this.isFirst && piece !== "") {
      this.isFirst = false;
      if (piece.startsWith("\uFEFF")) piece = piece.slice(1);
    }
    const whole = this.rest + piece;
    const found: ServerEvent[] = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(whole, from);
      if (end === null) break;
      const done = this.line(whole.slice(from, end.at));
      if (done !== null) found.push(done);
      from = end.next;
    }
    this.rest = whole.slice(from);
    return found;
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return null; // a comment: only says that the line is alive
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const { data, event } = this;
    this.data = [];
    this.event = "";
    return data.length === 0 ? null : { id: this.id, event: event === "" ? "message" : event, data: data.join("\n") };
  }
}

/** Where the line that begins at `from` ends: CR, LF or both. A CR at the very end waits for what follows it. */
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\n") return { at, next: at + 1 };
    if (char === "\r") return at + 1 === text.length ? null : { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
  }
  return null;
}

/** The events of an answer until it ends. Throws what the connection throws. `heard` is called with every piece, comments too. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>, heard?: () => void): AsyncGenerator<ServerEvent[]> {
  const parser = new EventParser();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard?.();
      const events = parser.push(value);
      if (events.length > 0) yield events;
    }
  } finally {
    // Whoever leaves early leaves the connection too.
    await reader.cancel().catch(() => undefined);
  }
}
