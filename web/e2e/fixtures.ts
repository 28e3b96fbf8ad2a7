// What every test gets: a real server, producers on demand, a foreign web site, and an eye on what the browser complains about.
import { createServer, type Server } from "node:http";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { LivePane } from "../src/player/element";
import { Producer, type ProducerOptions } from "./producer";
import { LivepaneServer } from "./server";

/** A web site on another port: pages are added by path. */
export interface ForeignSite {
  readonly url: string;
  readonly pages: Map<string, string>;
}

interface Fixtures {
  /** Settings of the server, as variables. */
  serverEnv: Record<string, string>;
  server: LivepaneServer;
  site: ForeignSite;
  produce: (options: ProducerOptions) => Promise<Producer>;
  /** Fails the test when a page broke its own content security policy or threw. */
  complaints: string[];
}

export const test = base.extend<Fixtures>({
  serverEnv: [{}, { option: true }],
  server: async ({ serverEnv }, use) => {
    const server = await LivepaneServer.start(serverEnv);
    await use(server);
    await server.dispose();
  },
  site: async ({}, use) => {
    const pages = new Map<string, string>([["/", "<!doctype html><title>Elsewhere</title>"]]);
    const http = createServer((request, response) => {
      const page = pages.get(request.url ?? "/");
      const type = /\.(js|css)$/.exec(request.url ?? "")?.[1];
      const mime = type === "js" ? "text/javascript" : type === "css" ? "text/css" : "text/html";
      response.writeHead(page === undefined ? 404 : 200, { "content-type": `${mime}; charset=utf-8` });
      response.end(page);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    await use({ url: `http://127.0.0.1:${portOf(http)}`, pages });
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  },
  produce: async ({ browser, server, site }, use) => {
    const context = await browser.newContext();
    await use((options) => Producer.start(context, `${site.url}/`, server.url, options));
    await context.close();
  },
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && /content security policy/i.test(message.text())) complaints.push(message.text());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the foreign site has no port");
  return address.port;
}

/** The pane of a stream. */
export const paneOf = (page: Page, stream: string): Locator => page.locator(`live-pane[stream="${stream}"]`);

/** What is on the canvas, as a number that changes with it; null while there is no picture. */
export function fingerprint(pane: Locator): Promise<number | null> {
  return pane.evaluate((element) => {
    const { canvas } = element as LivePane;
    if ((canvas as HTMLCanvasElement | undefined) === undefined || canvas.hidden || canvas.width === 0) return null; // the script may still be on its way
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let index = 0; index < data.length; index += 97) sum = (sum * 31 + data[index]!) % 1_000_000_007;
    return sum;
  });
}

/** Wait until the picture has really changed on the canvas. */
export async function expectMoving(pane: Locator): Promise<void> {
  await expect.poll(() => fingerprint(pane)).not.toBeNull();
  const before = await fingerprint(pane);
  await expect.poll(() => fingerprint(pane)).not.toBe(before);
}

export const stateOf = (pane: Locator): Promise<string> => pane.evaluate((element) => (element as LivePane).state);
