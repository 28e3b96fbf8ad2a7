// The wall and the page of one stream.
import { expect, expectMoving, fingerprint, paneOf, stateOf, test } from "./fixtures";

test("tiles on the wall really move, and say what they show", async ({ page, server, produce }) => {
  const alice = await produce({ name: "alice", title: "Alice's screen" });
  const bob = await produce({ name: "bob" });
  await page.goto(server.url);
  for (const { stream } of [alice, bob]) await expectMoving(paneOf(page, stream));
  await alice.act("Filling username");
  const tile = page.getByRole("article").filter({ hasText: "Alice's screen" });
  await expect(tile).toContainText("Filling username");
  await expect(tile).toContainText("Live");
  await expect.poll(() => stateOf(paneOf(page, alice.stream))).toBe("live");
});

test("a stream that appears later comes by itself, and one that leaves says so", async ({ page, server, produce }) => {
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "No panes yet" })).toBeVisible();
  const late = await produce({ name: "late" });
  const pane = paneOf(page, late.stream);
  await expectMoving(pane);
  await late.leave();
  await expect.poll(() => stateOf(pane)).toMatch(/reconnecting|gone/);
  await expect(pane.locator("canvas")).toHaveClass("stale");
});

test("a picture that does not change is called static", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "still", still: true });
  await page.goto(server.url);
  await expect.poll(() => stateOf(paneOf(page, stream))).toBe("static");
  await expect(page.getByRole("article")).toContainText(/Static for \d+ s/);
});

test("a click opens a stream large, and Escape leads back, also where the browser keeps nothing for any site", async ({ page, server, produce }) => {
  await page.addInitScript(() => {
    const denied = { get: () => { throw new DOMException("Access is denied for this document.", "SecurityError"); } };
    for (const name of ["localStorage", "sessionStorage", "indexedDB"]) Object.defineProperty(window, name, denied);
  });
  const alice = await produce({ name: "alice", title: "Alice's screen" });
  await page.goto(server.url);
  await alice.act("Logging in");
  await page.getByRole("link", { name: "Alice's screen" }).click();
  await expect(page).toHaveURL(`${server.url}/s/producer:alice`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Alice's screen");
  const pane = paneOf(page, alice.stream);
  await expectMoving(pane);
  await expect(page.getByLabel("State")).toContainText("640 × 360");
  await alice.act("Sending the form");
  await expect(page.getByLabel("Actions")).toContainText("Logging in");
  await expect(page.getByLabel("Actions")).toContainText("Sending the form");
  await page.keyboard.press("z");
  await expect(pane).toHaveAttribute("fit", "none");
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false);
  // A browser that is about to leave the full screen takes the key for itself.
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(`${server.url}/`, { timeout: 1_000 });
  }).toPass();
});

test("the wall works by keyboard alone", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice", title: "Alice's screen" });
  await page.goto(server.url);
  const link = page.getByRole("link", { name: "Alice's screen" });
  await link.waitFor();
  while (!(await link.evaluate((element) => element === document.activeElement))) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expectMoving(paneOf(page, stream));
});

test("titles and labels from outside stay text", async ({ page, server, produce }) => {
  const evil = '<img src=x onerror="window.hacked=1"><b>bold</b>';
  const producer = await produce({ name: "evil", title: evil });
  await page.goto(server.url);
  await expect(page.getByRole("heading", { level: 2, name: evil })).toBeVisible();
  await producer.describe(`${evil} again`);
  await producer.act(`${evil} clicked`);
  await expect(page.getByText(`${evil} clicked`)).toBeVisible();
  await page.getByRole("link", { name: `${evil} again` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${evil} again`);
  await expect(page.getByLabel("Actions")).toContainText(`${evil} clicked`);
  await expectMoving(paneOf(page, producer.stream));
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await expect(page.locator("main img").or(page.locator("main b").filter({ hasText: "bold" }))).toHaveCount(0);
});

test("a tile that is scrolled away is not watched any more, and is again when it comes back", async ({ page, server, produce }) => {
  await page.setViewportSize({ width: 500, height: 420 });
  const first = await produce({ name: "first" });
  for (const name of ["second", "third", "fourth"]) await produce({ name });
  await page.goto(server.url);
  const pane = paneOf(page, first.stream);
  await expectMoving(pane);
  const last = paneOf(page, "producer:fourth");
  expect(await fingerprint(last)).toBeNull();
  await last.scrollIntoViewIfNeeded();
  await expectMoving(last);
  await expect.poll(() => first.demand()).toBeNull();
  expect(await stateOf(pane)).toBe("paused");
  await pane.scrollIntoViewIfNeeded();
  await expectMoving(pane);
});
