// A web site of the tests, under as many names as are wanted: pages that move, that stand still, that have something to hide.
import { createServer, type Server } from "node:http";

const page = (title: string, body: string): string => `<!doctype html><meta charset="utf-8"><title>${title}</title><style>body{margin:0;background:#fff;font:20px sans-serif}</style>${body}`;

const PAGES: Readonly<Record<string, string>> = {
  // A new picture whenever somebody looks: what is in front counts on.
  "/moving": page(
    "Moving",
    `<p id="count" style="font-size:200px"></p><script>let n=0;setInterval(()=>{count.textContent=++n;document.body.style.background="hsl("+n*37%360+" 70% 60%)"},100)</script>`,
  ),
  "/still": page("Still", `<h1>Nothing moves here</h1>`),
  "/next": page("Next", `<h1 style="color:#063">Another page</h1>`),
  // Boxes at known places, and a frame of another site beside them. The secrets are red, and nothing else is.
  "/form": page(
    "Form",
    `<style>.box{position:absolute;left:100px;width:300px;height:60px;border:0;padding:0;background:#f00;color:#f00}</style>
     <input class="box" id="password" type="password" value="correct horse" style="top:100px">
     <div class="box" id="card" style="top:200px">4111 1111 1111 1111</div>
     <div class="box" style="top:300px;background:#00f;color:#00f">for everybody</div>
     <iframe src="http://frame.localhost:PORT/inner" style="position:absolute;left:500px;top:100px;width:300px;height:60px;border:0"></iframe>`,
  ),
  "/inner": page(
    "Inner",
    `<style>.box{position:absolute;top:0;width:140px;height:60px;border:0;padding:0;background:#f00;color:#f00}</style>
     <input class="box" type="password" value="staple" style="left:0"><div class="box" style="left:160px;background:#00f;color:#00f">open</div>`,
  ),
};

/** Where the boxes of the form are. */
export const AT = { password: [250, 130], card: [250, 230], open: [250, 330], framedPassword: [550, 130], framedOpen: [720, 130] } as const;

export class Site {
  private constructor(private readonly http: Server) {}

  static async start(): Promise<Site> {
    const http = createServer((request, response) => {
      const found = PAGES[new URL(request.url ?? "/", "http://site").pathname];
      if (request.url === "/favicon.ico") return void response.writeHead(204).end();
      response.writeHead(found === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
      response.end(found?.replace("PORT", String(request.socket.localPort)));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return new Site(http);
  }

  /** Every name below localhost is this machine, and another site to a browser. */
  url(name: string, path: string): string {
    const address = this.http.address();
    if (typeof address !== "object" || address === null) throw new Error("the site has no port");
    return `http://${name}.localhost:${address.port}${path}`;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
