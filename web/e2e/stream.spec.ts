// The page of one stream: true pixels, choices that take effect, pictures to keep, and why it is slow.
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { LivePane } from "../src/player/element";
import { expect, expectMoving, paneOf, stateOf, test } from "./fixtures";

const open = async (page: Page, url: string, stream: string): Promise<Locator> => {
  await page.goto(`${url}/s/${stream}`);
  const pane = paneOf(page, stream);
  await expectMoving(pane);
  return pane;
};
const sizeOf = (pane: Locator): Promise<string> =>
  pane.evaluate((element) => `${(element as LivePane).size?.width}x${(element as LivePane).size?.height}`);
const png = (bytes: Buffer): { width: number; height: number } => {
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
};

test("at 100 % one pixel of the picture is one pixel of the screen, with 1, 2 and 1.25 to the CSS pixel", async ({ browser, server, produce }) => {
  const { stream } = await produce({ name: "still", still: true });
  for (const scale of [1, 2, 1.25]) await test.step(`with ${scale}`, async () => {
    const context = await browser.newContext({ viewport: { width: 1300, height: 700 }, deviceScaleFactor: scale });
    const page = await context.newPage();
    await page.goto(`${server.url}/s/${stream}`);
    const pane = paneOf(page, stream);
    await expect.poll(() => stateOf(pane)).toBe("static");
    await page.getByRole("radio", { name: "100%" }).or(page.getByRole("button", { name: "100%" })).click();
    await expect(pane).toHaveAttribute("fit", "none");
    // The picture of the source's own size may still be on its way.
    await expect(async () => {
      const shot = await page.screenshot({ scale: "device" });
      const shown = await pane.evaluate((element) => {
        const box = (element as LivePane).canvas.getBoundingClientRect();
        return { x: box.x, y: box.y, width: box.width, height: box.height };
      });
      expect(shown.width * scale).toBeCloseTo(640, 0);
      expect(shown.height * scale).toBeCloseTo(360, 0);
      // Each pixel of the screen has the colour that the picture has there.
      const wrong = await page.evaluate(
        async ({ data, left, top }) => {
          const canvas = document.querySelector("live-pane")!.canvas;
          const wanted = canvas.getContext("2d")!.getImageData(0, 0, 640, 360).data;
          const screen = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]));
          const other = new OffscreenCanvas(640, 360).getContext("2d")!;
          other.drawImage(screen, -left, -top);
          const seen = other.getImageData(0, 0, 640, 360).data;
          let count = 0;
          for (let index = 0; index < wanted.length; index += 4) {
            if (Math.abs(wanted[index]! - seen[index]!) + Math.abs(wanted[index + 1]! - seen[index + 1]!) > 6) count += 1;
          }
          return count;
        },
        { data: shot.toString("base64"), left: Math.round(shown.x * scale), top: Math.round(shown.y * scale) },
      );
      expect(wrong).toBe(0);
    }).toPass();
    await context.close();
  });
});

test("a picture that is larger than the stage moves by key and by dragging", async ({ page, server, produce }) => {
  await page.setViewportSize({ width: 1100, height: 500 });
  const { stream } = await produce({ name: "alice" });
  const pane = await open(page, server.url, stream);
  await page.keyboard.press("2");
  await expect(pane).toHaveAttribute("zoom", "2");
  const left = (): Promise<number> => pane.evaluate((element) => element.shadowRoot!.querySelector(".view")!.scrollLeft);
  await expect.poll(left).toBeGreaterThan(0); // the middle stays in the middle
  const before = await left();
  await page.keyboard.press("ArrowRight");
  await expect.poll(left).toBeGreaterThan(before);
  const after = await left();
  const box = (await pane.boundingBox())!;
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 260, box.y + 200, { steps: 4 });
  await page.mouse.up();
  expect(await left()).toBe(after - 60);
  await page.keyboard.press("z");
  await expect(pane).toHaveAttribute("fit", "contain");
});

test("size, rate, quality and format are asked of the server at once, and kept in this browser", async ({ page, server, produce }) => {
  const producer = await produce({ name: "alice" });
  const headers: Buffer[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") headers.push(payload.subarray(0, 32));
    }),
  );
  const pane = await open(page, server.url, producer.stream);
  expect(headers.at(-1)?.readUInt8(1)).toBe(1);
  await page.getByRole("combobox", { name: "Format" }).selectOption({ label: "WebP, smaller" });
  await expect.poll(() => headers.at(-1)?.readUInt8(1)).toBe(3);
  await page.getByRole("combobox", { name: "Format" }).selectOption({ label: "PNG, exact" });
  await expect.poll(() => headers.at(-1)?.readUInt8(1)).toBe(2);
  await page.getByRole("combobox", { name: "Size" }).selectOption({ label: "480p" });
  await page.getByRole("combobox", { name: "Rate" }).selectOption({ label: "2 fps" });
  await expect.poll(async () => (await producer.demand())?.fps).toBe(2);
  await expect.poll(async () => (await producer.demand())?.width).toBe(854);
  await page.getByRole("combobox", { name: "Size" }).selectOption({ label: "Source size" });
  await expect.poll(async () => (await producer.demand())?.width).toBeNull();

  await page.reload();
  await expectMoving(pane);
  await expect(page.getByRole("combobox", { name: "Rate" })).toHaveValue("2");
  await expect.poll(() => headers.at(-1)?.readUInt8(1)).toBe(2);
  await page.getByRole("button", { name: "All automatic" }).click();
  await expect.poll(() => headers.at(-1)?.readUInt8(1)).toBe(1);
  await expect.poll(async () => (await producer.demand())?.fps).toBe(30);
});

test("a saved picture is a PNG of the source's own size, named by title and time, and the page says so", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", title: "Alice: \"screen\"/1" });
  await page.setViewportSize({ width: 900, height: 420 });
  await open(page, server.url, stream);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("s")]);
  expect(download.suggestedFilename()).toMatch(/^Alice screen 1 \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
  expect(png(readFileSync(await download.path()))).toEqual({ width: 640, height: 360 });
  await expect(page.getByText(/^Saved as Alice screen 1 .*\(640 × 360, \d+ kB\)$/).first()).toBeVisible();
});

test("a copied picture is in the clipboard", async ({ page, context, server, produce }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const { stream } = await produce({ name: "alice" });
  await open(page, server.url, stream);
  await page.getByRole("button", { name: "Copy picture" }).click();
  await expect(page.getByText(/^Copied \(640 × 360/).first()).toBeVisible();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const { width, height } = await createImageBitmap(await item!.getType("image/png"));
    return { width, height };
  });
  expect(copied).toEqual({ width: 640, height: 360 });
});

test("of a source that has left, the shown picture is kept, and the page says that it is not new", async ({ page, server, produce }) => {
  const producer = await produce({ name: "alice" });
  const pane = await open(page, server.url, producer.stream);
  await producer.leave();
  await expect.poll(() => stateOf(pane)).toMatch(/reconnecting|gone|missing/);
  await page.route("**/streams/**", (route) => route.abort());
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("s")]);
  expect(`${png(readFileSync(await download.path())).width}x360`).toBe(await sizeOf(pane));
  await expect(page.getByText(/as it is shown: the source gives no new one/).first()).toBeVisible();
});

test("a thin link is named as the reason", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", fps: 10 });
  await open(page, server.url, stream);
  await expect(page.getByLabel("Where the time of one picture goes").getByRole("listitem")).toHaveCount(4);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 600, downloadThroughput: 4_000, uploadThroughput: 4_000 });
  await expect(page.getByLabel("State")).toContainText("The link is the brake");
});

test("a source that is slow is named, and one that stands still is not called slow", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", fps: 10 });
  const { stream: still } = await produce({ name: "still", still: true });
  await open(page, server.url, stream);
  await expect(page.getByLabel("State")).toContainText(/The source gives [\d.]+ of the 30 pictures a second/);
  await page.getByRole("combobox", { name: "Rate" }).selectOption({ label: "5 fps" });
  await expect(page.getByLabel("State")).toContainText("Nothing is slow");
  await page.goto(`${server.url}/s/${still}`);
  await expect(page.getByLabel("State")).toContainText("an unchanged picture is not sent again");
});

test("actions are told newest first, the same ones together, and open by keyboard", async ({ page, server, produce }) => {
  const alice = await produce({ name: "alice" });
  await open(page, server.url, alice.stream);
  for (const label of ["Log in", "Scroll", "Scroll", "Scroll", "Send"]) await alice.act(label);
  const actions = page.getByLabel("Actions");
  await expect(actions.getByRole("button")).toHaveText([/Send.*(now|ago)/, /Scroll ×3/, /Log in/]);
  await actions.getByRole("button").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(actions.getByRole("button").nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(actions.getByRole("button").nth(1)).toHaveAttribute("aria-expanded", "true");
});

test("brackets lead to the neighbours and Escape to the wall; a stream that is not there says so", async ({ page, server, produce }) => {
  const alice = await produce({ name: "alice" });
  const bob = await produce({ name: "bob" });
  await open(page, server.url, alice.stream);
  await page.keyboard.press("]");
  await expect(page).toHaveURL(`${server.url}/s/${bob.stream}`);
  await expectMoving(paneOf(page, bob.stream));
  await page.keyboard.press("[");
  await expect(page).toHaveURL(`${server.url}/s/${alice.stream}`);
  await page.keyboard.press("i");
  await expect(page.getByLabel("State")).toHaveCount(0);
  await page.goto(`${server.url}/s/producer:nobody`);
  await expect(page.getByRole("heading", { name: "There is no such stream now" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(`${server.url}/`);
});
