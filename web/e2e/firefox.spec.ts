// The wall, the page of a stream, the bare viewer and an embedded pane in Firefox.
import type { Browser, Page } from "puppeteer-core";
import { expect, test as base } from "./fixtures";
import { launchFirefox } from "./firefox";

// One Firefox for all of them, and a profile for each: its start costs more than what is tested.
const test = base.extend<{ firefox: Page }, { started: Browser }>({
  started: [
    async ({}, use) => {
      const browser = await launchFirefox();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  firefox: async ({ started }, use) => {
    const context = await started.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    await use(page);
    await context.close();
  },
});

/** What is on the canvas of a pane, as a number that changes with it; null while there is no picture. */
function fingerprint(page: Page, stream: string): Promise<number | null> {
  return page.evaluate((id) => {
    const canvas = document.querySelector<HTMLElement & { canvas: HTMLCanvasElement }>(`live-pane[stream="${id}"]`)?.canvas;
    if (canvas === undefined || canvas.hidden || canvas.width === 0) return null;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let index = 0; index < data.length; index += 97) sum = (sum * 31 + data[index]!) % 1_000_000_007;
    return sum;
  }, stream);
}

async function expectMoving(page: Page, stream: string): Promise<void> {
  await expect.poll(() => fingerprint(page, stream)).not.toBeNull();
  const before = await fingerprint(page, stream);
  await expect.poll(() => fingerprint(page, stream)).not.toBe(before);
}

const textOf = (page: Page, selector: string): Promise<string> => page.$eval(selector, (element) => element.textContent);

test("Firefox shows a moving pane on the wall and on the page of its stream", async ({ server, produce, firefox }) => {
  const { stream } = await produce({ name: "alice", title: "Alice's screen" });
  await firefox.goto(server.url);
  await expectMoving(firefox, stream);
  await expect.poll(() => textOf(firefox, "article")).toContain("Live");

  await firefox.locator("article a").click();
  await expect.poll(() => firefox.url()).toBe(`${server.url}/s/producer:alice`);
  await expect.poll(() => textOf(firefox, "h1")).toBe("Alice's screen");
  await expectMoving(firefox, stream);
});

test("Firefox says when the server has gone, and goes on when it is back", async ({ server, produce, firefox }) => {
  const { stream } = await produce({ name: "alice" });
  await firefox.goto(`${server.url}/view/${stream}`);
  await expectMoving(firefox, stream);
  await server.stop();
  await expect.poll(() => textOf(firefox, "[role=status]")).toContain("Disconnected");
  await server.start();
  await expect.poll(() => textOf(firefox, "[role=status]")).toContain("Connected");
  await expectMoving(firefox, stream);
});

test("Firefox shows a pane in a page of another site", async ({ server, site, produce, firefox }) => {
  const { stream } = await produce({ name: "alice" });
  site.pages.set("/embed", `<!doctype html><script src="${server.url}/live-pane.js"></script><live-pane stream="${stream}"></live-pane>`);
  await firefox.goto(`${site.url}/embed`);
  await expectMoving(firefox, stream);
});
