// A compatible server that somebody else wrote: it takes `POST /publish` and knows nothing of ours.
import { createServer, type Server } from "node:http";

export interface Published {
  readonly frame: string;
  readonly source?: string;
  readonly title?: string;
  readonly url?: string;
  readonly timestamp?: unknown;
  readonly at: number;
}

export class OtherServer {
  readonly received: Published[] = [];
  /** What it answers to the next pictures. */
  status = 200;

  private constructor(private readonly http: Server) {}

  static async start(): Promise<OtherServer> {
    const http = createServer();
    const server = new OtherServer(http);
    http.on("request", (request, response) => {
      const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
      if (request.method === "OPTIONS") {
        response.writeHead(204, cors).end();
        return;
      }
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.method !== "POST" || request.url !== "/publish") {
          response.writeHead(404, { ...cors, "content-type": "text/plain" }).end("not here");
          return;
        }
        const published = JSON.parse(Buffer.concat(chunks).toString()) as Published;
        const [status, body] =
          (published.frame as string | undefined) === undefined
            ? [400, { error: "Missing frame data" }]
            : server.status === 200
              ? [200, { status: "ok" }]
              : [server.status, { error: "the disk of the other server is full" }];
        if (status === 200) server.received.push({ ...published, at: Date.now() });
        response.writeHead(status, { ...cors, "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    const address = this.http.address();
    if (typeof address !== "object" || address === null) throw new Error("the other server has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
