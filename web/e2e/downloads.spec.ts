// What jobs have kept, as a gallery, and two pictures compared: found, opened, walked through, deleted; slid, zoomed, swapped, explained.
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { Download } from "../src/downloads/download";
import { expect, fingerprint, paneOf, test as base } from "./fixtures";
import { ask, keepFiles, Sites } from "./jobs";
import type { LivepaneServer } from "./server";

const test = base.extend<{ galleries: Sites }>({
  galleries: async ({}, use) => {
    const sites = await Sites.serve("galleries");
    await use(sites);
    await sites.dispose();
  },
});
// Who records a trace fetches the blob: addresses of pictures, and the policy of our pages forbids that: it would be a complaint.
test.use({ trace: "off" });

const ID = "meadow.example-gallery";
const tiles = (page: Page): Locator => page.getByRole("list", { name: "Files" }).getByRole("link");
const listOf = async (server: LivepaneServer, query = ""): Promise<readonly Download[]> => (await ask<{ items: Download[] }>(server, "GET", `api/downloads?limit=500${query}`)).items;
const named = async (server: LivepaneServer, title: string): Promise<Download> => (await listOf(server)).find((one) => (one.title ?? one.name) === title)!;

/** Whether the picture that an `<img>` names has really come. */
const isSeen = (image: Locator): Promise<boolean> => image.evaluate((element) => (element as HTMLImageElement).naturalWidth > 0);

test("what was kept is found, opened, walked through, taken away and deleted", async ({ page, server }) => {
  await page.goto(server.signIn);
  await page.goto(`${server.url}/downloads`);
  await expect(page.getByRole("heading", { name: "Nothing was downloaded yet" })).toBeVisible();
  await keepFiles(server, "--items 6 --scale 0.3");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await expect(tiles(page)).toHaveCount(14);
  await expect.poll(() => isSeen(tiles(page).filter({ has: page.locator("img") }).first().locator("img"))).toBe(true);

  await page.getByRole("radio", { name: /^Pictures/ }).check();
  await expect(page).toHaveURL(/\?kind=image$/);
  await expect(tiles(page)).toHaveCount(11);
  await page.getByRole("radio", { name: /^All/ }).check();
  await page.keyboard.press("/");
  await page.keyboard.type("quarry");
  await expect(tiles(page)).toHaveCount(1);
  await page.getByLabel("Search").fill("no such thing");
  await page.getByRole("button", { name: "Show all files" }).click();
  await expect(tiles(page)).toHaveCount(14);
  await page.getByLabel("What came of it").selectOption("Failed (2)");
  await expect(tiles(page)).toHaveCount(2);
  await expect(page.getByRole("list", { name: "Files" })).toContainText("What came is an HTML page, not a picture");
  await page.getByLabel("What came of it").selectOption("Everything");
  await expect(tiles(page)).toHaveCount(14);

  // By keyboard: into the gallery, along it, and into the viewer, which gives the focus back.
  await tiles(page).first().focus();
  await page.keyboard.press("End");
  await expect(tiles(page).last()).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  const viewer = page.getByRole("dialog", { name: "Low tide 2" });
  await expect.poll(() => isSeen(viewer.getByRole("img", { name: "Low tide 2" }))).toBe(true);
  await expect(viewer.getByRole("complementary")).toContainText("meadow.example/gallery");
  await expect(viewer.getByRole("link", { name: "Compare with version 1" })).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("dialog", { name: "Quarry 3" })).toBeVisible();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save the file" }).click()]);
  expect(readFileSync(await saved.path()).length).toBe((await named(server, "Quarry 3")).bytes);
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "ZIP" }).click().then(() => page.getByRole("menuitem", { name: ID }).click()),
  ]);
  expect(zip.suggestedFilename()).toBe(`${ID}.zip`);
  await page.getByRole("checkbox", { name: "Choose Quarry 3" }).click();
  await page.getByRole("checkbox", { name: "Choose Heather 1" }).click({ modifiers: ["Shift"] });
  const bulk = page.getByRole("toolbar", { name: "Chosen files" });
  await expect(bulk).toContainText("3 chosen");
  await bulk.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(tiles(page)).toHaveCount(11);
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  expect(await listOf(server)).toHaveLength(11);
});

test("before and after are compared by slider, side by side and by what differs; by pointer, wheel and keyboard", async ({ page, server }) => {
  await keepFiles(server, "--items 2");
  const { id } = await named(server, "Three times");
  await page.goto(server.url);
  await page.goto(`${server.url}/downloads?open=${id}`);
  await page.getByRole("link", { name: "Before and after" }).click();
  await expect(page).toHaveURL(`${server.url}/compare?left=download:${id}@2&right=download:${id}@3`);
  const divider = page.getByRole("slider", { name: "Divider between both pictures" });
  const facts = page.getByRole("region", { name: "Both pictures" });
  await expect(divider).toHaveAttribute("aria-valuenow", "50");
  await expect(facts).toContainText("Left is scaled 2 × to stand in the 1600 × 1067 of the other.");
  await expect(facts.getByRole("row", { name: /^Size 800 × 534 1600 × 1067/ })).toBeVisible();
  await expect(facts.getByRole("status")).toContainText(/\d+(\.\d)? % ?similar/);
  await expect(facts).toContainText("4 × the pixels");

  await divider.focus();
  for (const [key, value] of [["ArrowRight", "51"], ["Shift+ArrowRight", "61"], ["PageDown", "51"], ["Home", "0"], ["End", "100"]] as const) {
    await page.keyboard.press(key);
    await expect(divider).toHaveAttribute("aria-valuenow", value);
  }
  await expect(divider).toHaveAttribute("aria-valuetext", "100 % Version 2 · 800 × 534, 0 % Version 3 · 1600 × 1067");
  // Both pictures lie on each other, whatever is done.
  const boxes = async () => Promise.all([page.getByRole("img", { name: /^Version 2/ }), page.getByRole("img", { name: /^Version 3/ })].map((one) => one.boundingBox()));
  const [left, right] = await boxes();
  expect(left).toEqual(right);
  await page.mouse.click(left!.x + left!.width * 0.25, left!.y + left!.height / 2);
  await expect(divider).toHaveAttribute("aria-valuenow", "25");
  await page.mouse.move(left!.x + left!.width * 0.75, left!.y + left!.height / 2);
  await page.mouse.wheel(0, -800);
  await expect.poll(async () => (await boxes())[0]!.width).toBeGreaterThan(left!.width * 3);
  const [a, b] = await boxes();
  expect(a).toEqual(b);
  await page.getByRole("button", { name: /^100 %/ }).click();
  await expect.poll(async () => (await boxes())[1]!.width).toBe(1600);
  await page.getByRole("button", { name: "Fit" }).click();
  await expect.poll(boxes).toEqual([left, right]);

  await page.getByRole("radio", { name: "Side by side" }).check();
  await expect(page).toHaveURL(/&mode=beside$/);
  await expect.poll(async () => (await boxes())[1]!.x).toBeGreaterThan((await boxes())[0]!.x + 100);
  await page.keyboard.press("3");
  await expect(page.getByRole("img", { name: /^Where Version 2 .* and Version 3 .* differ$/ })).toBeVisible();
  await page.keyboard.press("x");
  await expect(page).toHaveURL(`${server.url}/compare?left=download:${id}@3&right=download:${id}@2&mode=difference`);
  await facts.getByLabel("Right picture").selectOption({ label: "v1 · 320 × 213" });
  await expect(facts).toContainText("Right is scaled 5 ×");
  await page.reload();
  await expect(facts).toContainText("Right is scaled 5 ×");
});

test("what cannot be shown or compared says why, and a file that carries scripts runs none", async ({ page, server }) => {
  await keepFiles(server, "--items 1 --scale 0.3");
  await page.goto(`${server.url}/downloads?open=${(await named(server, "A drawing with a script")).id}`);
  await expect(page.getByRole("dialog", { name: "A drawing with a script" }).getByRole("heading", { name: "An SVG is not shown here" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto(`${server.url}/downloads?open=${(await named(server, "gone")).id}`);
  await expect(page.getByRole("dialog")).toContainText("The server answered 404");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Delete" })).toHaveCount(0);
  await page.goto(`${server.url}/downloads?open=${ID}/0000000000000000`);
  await expect(page.getByRole("dialog").getByText("It is not kept any more")).toBeVisible();
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  const there = `download:${(await named(server, "Heather 1")).id}@1`;
  const open = async (right: string): Promise<void> => {
    await page.goto(`${server.url}/compare?left=${there}&right=${encodeURIComponent(right)}`);
  };
  for (const [right, words] of [
    [`download:${ID}/0000000000000000`, "This download is not kept any more"],
    [`${there.slice(0, -1)}7`, "has no version 7 any more"],
    [`download:${(await named(server, "A drawing with a script")).id}`, "An SVG can carry scripts"],
    [`download:${(await named(server, "The price list")).id}`, "only pictures are compared"],
    [`download:${(await named(server, "Cut off")).id}`, "it may be cut off or broken"],
    [`download:${(await named(server, "gone")).id}`, "The server answered 404"],
    ["kept:k0", "kept in the browser that took them"],
    ["moment:4711/1", "4711"],
  ] as const) {
    await open(right);
    await expect(page.getByRole("alert"), right).toContainText(words);
    await expect.poll(() => isSeen(page.getByRole("img", { name: /^Heather 1/ })), right).toBe(true);
  }
  // A kind that this browser does not know is shown by a preview, and that is said.
  await open(`download:${(await named(server, "A scan")).id}`);
  await expect(page.getByRole("region", { name: "Both pictures" })).toContainText("This browser cannot show TIFF: what is seen is a preview of");
  await page.goto(`${server.url}/compare`);
  await expect(page.getByRole("heading", { name: "Which two?" })).toBeVisible();
});

test("two pictures of a stream are kept and compared, on a telephone with a finger", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", title: "Alice" });
  await page.goto(server.url);
  await page.goto(`${server.url}/s/${stream}`);
  const pane = paneOf(page, stream);
  await expect.poll(() => fingerprint(pane)).not.toBeNull();
  await page.keyboard.press("k");
  const tray = page.getByRole("region", { name: "To be compared" });
  await expect(tray.getByRole("listitem")).toHaveCount(1);
  const before = await fingerprint(pane);
  await expect.poll(() => fingerprint(pane)).not.toBe(before);
  await page.getByRole("button", { name: "Keep for comparison" }).click();
  await expect(tray.getByRole("listitem")).toHaveCount(2);
  await tray.getByRole("link", { name: "Compare" }).click();
  const facts = page.getByRole("region", { name: "Both pictures" });
  await expect(facts.getByRole("row", { name: /^Size 640 × 360 640 × 360/ })).toBeVisible();
  await expect(facts.getByRole("status")).toContainText(/% ?similar/);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  const divider = page.getByRole("slider");
  await expect(divider).toHaveAttribute("aria-valuenow", "50");
  const { x, y, width, height } = (await page.getByRole("img").first().boundingBox())!;
  const finger = await page.context().newCDPSession(page);
  const touch = (type: string, at: number): Promise<unknown> => finger.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints: type === "touchEnd" ? [] : [{ x: x + width * at, y: y + height / 2 }] });
  await touch("touchStart", 0.5);
  for (const at of [0.55, 0.65, 0.75]) await touch("touchMove", at);
  await touch("touchEnd", 0.75);
  await expect(divider).toHaveAttribute("aria-valuenow", "75");
});

test("of hundreds of files only those in sight are on the page, and the keyboard gets to the last", async ({ page, server }) => {
  await keepFiles(server, "--items 400 --scale 0.05 --plain");
  await page.goto(server.url);
  await page.goto(`${server.url}/downloads`);
  await expect(tiles(page).first()).toBeVisible();
  await tiles(page).first().focus();
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(tiles(page).last()).toHaveAttribute("aria-label", /^Heather 1,/, { timeout: 500 });
  }).toPass();
  expect(await tiles(page).count()).toBeLessThan(120);
});

test.describe("of a gallery", () => {
  test.use({ serverEnv: async ({ galleries }, use) => use({ ...galleries.env }) });

  test("a download is asked for, watched, and its files come into the galleries by themselves", async ({ page, context, server }) => {
    await page.goto(server.signIn);
    const other = await context.newPage();
    await other.goto(`${server.url}/downloads`);
    await expect(other.getByRole("heading", { name: "Nothing was downloaded yet" })).toBeVisible();
    await page.goto(`${server.url}/downloads`);
    await page.getByRole("button", { name: "New download" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New download" });
    await expect(dialog.getByRole("radio", { name: /^Gallery/ })).toBeChecked();
    await dialog.getByRole("radio", { name: /^Fastdl/ }).check();
    await expect(dialog.getByLabel("User names")).toBeVisible();
    await dialog.getByRole("radio", { name: /^Gallery/ }).check();
    await dialog.getByLabel("Page addresses").fill("https://linked.example/gallery");
    await dialog.getByRole("button", { name: "Add job" }).click();
    await expect(page).toHaveURL(`${server.url}/jobs/1`);
    await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
    await expect(page.getByRole("tab", { name: "Files", selected: true })).toBeVisible();
    await expect(page.getByRole("tabpanel", { name: "Files" })).toContainText("9 new");
    await expect(tiles(page)).toHaveCount(9);
    await expect(tiles(other)).toHaveCount(9);
    const [zip] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "ZIP" }).click()]);
    expect(readFileSync(await zip.path()).subarray(0, 2).toString()).toBe("PK");
    await tiles(page).first().click();
    await expect(page.getByRole("dialog").getByRole("link", { name: "linked.example/gallery" })).toBeVisible();
  });
});
