// What is worked on is seen over the picture, at its place in every size of it, and what it looked like stays with the job.
import { writeFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import type { LivePane } from "../src/player/element";
import { expect, paneOf } from "./fixtures";
import { addJobs, ask, test } from "./jobs";

/** Left, top, right and bottom of the outline, in parts of the picture as it is shown. */
const outlineIn = (pane: Locator): Promise<readonly number[]> =>
  pane.evaluate((element) => {
    const { canvas, fit, size } = element as LivePane;
    const spot = element.shadowRoot!.querySelector(".spot")!.getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    const scale = fit === "none" ? 1 : Math.min(box.width / size!.width, box.height / size!.height);
    const [width, height] = fit === "none" ? [box.width, box.height] : [size!.width * scale, size!.height * scale];
    const left = box.left + (box.width - width) / 2;
    const top = box.top + (box.height - height) / 2;
    return [(spot.left - left) / width, (spot.top - top) / height, (spot.right - left) / width, (spot.bottom - top) / height].map((part) => Math.round(part * 100) / 100);
  });

test("the element that is worked on is outlined at its place in every size of the picture, until the step is over", async ({ page, server, produce }) => {
  const producer = await produce({ name: "pointing", still: true });
  await page.goto(`${server.url}/s/${producer.stream}`);
  const pane = paneOf(page, producer.stream);
  const outline = pane.locator(".spot");
  await expect.poll(async () => (await producer.demand())?.highlight).toBe(true);
  // The picture has 640 px, of a page that has 1280 CSS px.
  const spot = { label: "Filling the name", selector: "#name", box: { x: 320, y: 180, width: 640, height: 72 }, width: 1280, height: 720 };
  await producer.act(spot.label, spot.selector);
  await producer.point(spot);
  await expect(outline).toBeVisible();
  await expect(outline).toHaveText("Filling the name");
  await expect.poll(() => outlineIn(pane)).toEqual([0.25, 0.25, 0.75, 0.35]);
  await page.keyboard.press("2");
  await expect(pane).toHaveAttribute("zoom", "2");
  await expect.poll(() => outlineIn(pane)).toEqual([0.25, 0.25, 0.75, 0.35]);
  await producer.point({ ...spot, box: { x: 320, y: 360, width: 640, height: 72 } });
  await expect.poll(() => outlineIn(pane)).toEqual([0.25, 0.5, 0.75, 0.6]);

  await page.goto(server.url);
  await expect(pane).toBeVisible();
  // Who asks anew is told anew.
  await expect(async () => {
    expect((await producer.demand())?.highlight).toBe(true);
    await producer.point({ ...spot, box: { x: 320, y: 360, width: 640, height: 72 } });
    await expect(outline).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect.poll(() => outlineIn(pane)).toEqual([0.25, 0.5, 0.75, 0.6]);
  await producer.act("Thinking");
  await expect(outline).toBeHidden();

  await producer.act(spot.label, spot.selector);
  await producer.point(spot);
  await expect(outline).toBeVisible();
  await ask(server, "PUT", "api/settings", { live_screenshots: { highlight: false } });
  await expect(outline).toBeHidden();
  expect((await producer.demand())?.highlight).toBe(false);
});

test("the steps of a job stand beside it as chapters, with what its page looked like at the end of each", async ({ page, server, gate }) => {
  const [id] = await addJobs(server, "walks", ["somewhere"], { gate: gate.path });
  await page.goto(`${server.url}/jobs/${id}`);
  const pane = paneOf(page, `job:${id}`);
  const steps = page.getByRole("region", { name: /^Actions/ });
  for (const name of ["first", "second", "third"]) {
    await expect(pane.locator(".spot")).toHaveText(`Reading the ${name} part`);
    await expect(pane.locator(".spot")).toBeVisible();
    writeFileSync(`${gate.path}-${name}`, "");
  }
  await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(pane.locator(".spot")).toBeHidden();
  await expect(steps.locator(".row img")).toHaveCount(3);
  await steps.getByRole("button", { name: /Reading the second part/ }).click();
  const picture = steps.getByRole("img", { name: "The page at the end of: Reading the second part" });
  await expect(picture).toBeVisible();
  const colour = await picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const context = new OffscreenCanvas(1, 1).getContext("2d")!;
    context.drawImage(image, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((value) => value > 127);
  });
  expect(colour).toEqual([false, true, false]);
  await expect(steps.locator(".more")).toContainText("took");
});
