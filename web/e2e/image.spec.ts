// Pictures as plain images, in pages that are not ours.
import { expect, test } from "./fixtures";

test("an <img> with Motion JPEG moves in a page of another local server", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  site.pages.set("/image", `<!doctype html><title>Elsewhere</title><img crossorigin src="${server.url}/streams/${stream}.mjpeg?fps=10">`);
  await page.goto(`${site.url}/image`, { waitUntil: "commit" });
  const image = page.locator("img");
  // Read through a canvas: how the image looks now.
  const look = (): Promise<number | null> =>
    image.evaluate((element: HTMLImageElement) => {
      if (element.naturalWidth === 0) return null;
      const canvas = new OffscreenCanvas(64, 36);
      const context = canvas.getContext("2d")!;
      context.drawImage(element, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data.reduce((sum, value) => (sum * 31 + value) % 1_000_000_007, 0);
    });
  await expect.poll(look).not.toBeNull();
  const before = await look();
  await expect.poll(look).not.toBe(before);
});

test("an <img> needs no more than an address in a page of another local server", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  site.pages.set("/image", `<!doctype html><title>Elsewhere</title><img src="${server.url}/streams/${stream}.jpg">`);
  await page.goto(`${site.url}/image`);
  await expect.poll(() => page.locator("img").evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(640);
});
