// What the real server has received, asked as any program would.
import WebSocket from "ws";
import type { StreamModel } from "../../web/src/gen/messages";
import type { LivepaneServer } from "../../web/e2e/server";

export class Eyes {
  constructor(private readonly server: LivepaneServer) {}

  /** The panes that show tabs; those that ended are still there for a while, and are none of these. */
  async tabs(): Promise<StreamModel[]> {
    const { streams } = await this.json<{ streams: StreamModel[] }>("GET", "/api/streams");
    return streams.filter((one) => one.kind === "tab" && one.state !== "gone");
  }

  async names(): Promise<string[]> {
    return (await this.tabs()).map((one) => one.id);
  }

  /** The pane of a tab by its title, once it is there. */
  async tab(title: string): Promise<StreamModel | undefined> {
    return (await this.tabs()).find((one) => one.title === title);
  }

  async pane(id: string): Promise<StreamModel | undefined> {
    return (await this.tabs()).find((one) => one.id === id);
  }

  /** The newest picture of a pane. */
  async newest(stream: string): Promise<Buffer> {
    const answer = await this.ask("GET", `/streams/${encodeURIComponent(stream)}.jpg`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** As an operator. */
  async ask(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: { authorization: `Bearer ${this.server.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async json<T>(method: string, path: string, body?: object): Promise<T> {
    return (await (await this.ask(method, path, body)).json()) as T;
  }

  /** Look at a pane until the end: whoever looks makes a continuous tab stream. */
  watch(stream: string, fps = 10): Viewer {
    return new Viewer(`${this.server.url.replace("http", "ws")}/ws/viewer?name=${encodeURIComponent(stream)}&fps=${fps}`);
  }
}

/** Somebody who looks at a pane. */
export class Viewer {
  readonly pictures: Buffer[] = [];
  private readonly socket: WebSocket;
  private wake: (() => void) | null = null;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on("message", (data: Buffer) => {
      this.pictures.push(data);
      this.wake?.();
    });
    this.socket.on("error", () => undefined); // the server may go: that is what some tests are about
  }

  /** The first picture after the `count` first ones. */
  async picture(count = this.pictures.length): Promise<Buffer> {
    while (this.pictures.length <= count) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.pictures[count]!;
  }

  close(): void {
    this.socket.terminate();
  }
}
