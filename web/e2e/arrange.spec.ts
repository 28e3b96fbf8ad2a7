// Arranging the wall: by mouse, by touch and by keyboard, kept in this browser and on the server.
import type { Locator, Page } from "@playwright/test";
import { expect, expectMoving, paneOf, test } from "./fixtures";
import type { Producer } from "./producer";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const tileOf = (page: Page, stream: string): Locator => page.locator(`[data-pane="${stream}"]`);

/** Where a tile stands when it has come to rest. */
async function boxOf(tile: Locator): Promise<Box> {
  return tile.evaluate(async (element) => {
    await Promise.all(element.getAnimations({ subtree: true }).map((animation) => animation.finished.catch(() => undefined)));
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: Math.round(x), y: Math.round(y + scrollY), width: Math.round(width), height: Math.round(height) };
  });
}

async function dragBy(page: Page, handle: Locator, by: { readonly x: number; readonly y: number }): Promise<void> {
  const box = (await handle.boundingBox())!;
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await expect(page.locator(".ghost")).toHaveCount(1);
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 8 });
  await page.mouse.up();
  await expect(page.locator(".ghost")).toHaveCount(0);
}

/** What the keyboard has focused is inside this tile. */
async function focusTile(tile: Locator): Promise<void> {
  await tile.getByRole("link").focus();
  await expect(tile.getByRole("link")).toBeFocused();
}

test("a pane is dragged by its handle and resized by its corner, and a reload keeps it there", async ({ page, server, produce }) => {
  const streams = [];
  for (const name of ["alice", "bob", "carol"]) streams.push((await produce({ name })).stream);
  await page.goto(server.url);
  const [alice, bob, carol] = streams.map((stream) => tileOf(page, stream)) as [Locator, Locator, Locator];
  await expectMoving(paneOf(page, "producer:alice"));

  await page.getByLabel("Arranged").click();
  const before = { alice: await boxOf(alice), bob: await boxOf(bob), carol: await boxOf(carol) };
  expect(before.alice.y).toBe(before.carol.y);
  await alice.hover();
  await dragBy(page, alice.locator(".grip"), { x: before.carol.x - before.alice.x, y: 0 });
  expect(await boxOf(alice)).toEqual(before.carol);
  expect((await boxOf(carol)).y).toBeGreaterThan(before.carol.y);
  expect(await boxOf(bob)).toEqual(before.bob);

  await bob.hover();
  await dragBy(page, bob.locator(".corner"), { x: -(before.bob.width / 2), y: before.bob.height / 2 });
  const smaller = await boxOf(bob);
  expect(smaller.width).toBeLessThan(before.bob.width);
  expect(smaller.height).toBeGreaterThan(before.bob.height);
  await expectMoving(paneOf(page, "producer:bob"));

  const kept = { alice: await boxOf(alice), bob: smaller, carol: await boxOf(carol) };
  await page.reload();
  await expectMoving(paneOf(page, "producer:bob"));
  expect({ alice: await boxOf(alice), bob: await boxOf(bob), carol: await boxOf(carol) }).toEqual(kept);
});

test("taking a pane by its handle arranges a wall that was in order", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await produce({ name: "bob" });
  await page.goto(server.url);
  const bob = tileOf(page, "producer:bob");
  await bob.hover();
  await dragBy(page, bob.locator(".grip"), { x: 200, y: 40 });
  await expect(page.getByLabel("Arranged")).toHaveAttribute("data-state", "on");
  await page.getByLabel("Medium tiles").click();
  await expect(page.locator(".grid.arranged")).toHaveCount(0);
  await page.getByLabel("Arranged").click();
  expect((await boxOf(bob)).x).toBeGreaterThan((await boxOf(tileOf(page, "producer:alice"))).x);
});

test("Escape puts a dragged pane back where it was", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await produce({ name: "bob" });
  await page.goto(server.url);
  await page.getByLabel("Arranged").click();
  const alice = tileOf(page, "producer:alice");
  const before = await boxOf(alice);
  await alice.hover();
  const grip = (await alice.locator(".grip").boundingBox())!;
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await expect(page.locator(".ghost")).toHaveCount(1);
  await page.mouse.move(grip.x + 400, grip.y + 200, { steps: 4 });
  await page.keyboard.press("Escape");
  await expect(page.locator(".ghost")).toHaveCount(0);
  await page.mouse.up();
  expect(await boxOf(alice)).toEqual(before);
});

test("a pane is moved and resized by keyboard alone, and every step is said", async ({ page, server, produce }) => {
  for (const name of ["alice", "bob"]) await produce({ name, title: `${name}'s screen` });
  await page.goto(server.url);
  const alice = tileOf(page, "producer:alice");
  await expect(alice).toBeVisible(); // before, nobody hears keys
  await page.keyboard.press("4");
  await expect(page.getByLabel("Arranged")).toHaveAttribute("data-state", "on");
  const before = await boxOf(alice);
  const said = page.getByRole("log");

  await focusTile(alice);
  await page.keyboard.press("m");
  await expect(said).toContainText("Moving alice's screen. Column 1, row 1. Arrow keys move it, Enter keeps it");
  await page.keyboard.press("ArrowUp");
  await expect(said).toHaveText("No further.");
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText(/Column 2, row \d/);
  await page.keyboard.press("Enter");
  await expect(said).toContainText("Moved alice's screen.");
  const moved = await boxOf(alice);
  expect(moved.x).toBeGreaterThan(before.x);
  await expect(alice.getByRole("link")).toBeFocused();

  await page.keyboard.press("r");
  await expect(said).toContainText("Resizing alice's screen. 4 columns wide, 5 rows high.");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(said).toHaveText("5 columns wide, 6 rows high.");
  await page.keyboard.press("Enter");
  await expect(said).toContainText("Resized alice's screen. 5 by 6");
  const larger = await boxOf(alice);
  expect(larger.width).toBeGreaterThan(moved.width);
  expect(larger.height).toBeGreaterThan(moved.height);

  await page.keyboard.press("r");
  await expect(said).toContainText("Resizing");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Escape");
  await expect(said).toHaveText("alice's screen is where it was.");
  expect(await boxOf(alice)).toEqual(larger);
});

test("the menu of a tile moves it too, takes it off the wall, and it can be put back", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await produce({ name: "bob" });
  await page.goto(server.url);
  const bob = tileOf(page, "producer:bob");
  await bob.getByRole("button", { name: "Menu of bob" }).press("Enter");
  await page.getByRole("menuitem", { name: "Move" }).press("Enter");
  await expect(page.getByRole("log")).toContainText("Moving bob.");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log")).toContainText("Moved bob.");

  await bob.getByRole("button", { name: "Menu of bob" }).click();
  await page.getByRole("menuitem", { name: "Take off this wall" }).click();
  await expect(bob).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("1 taken off")).toBeVisible();
  await expect(bob).toHaveCount(0);
  await page.getByRole("button", { name: "Put back" }).click();
  await expectMoving(paneOf(page, "producer:bob"));
});

test("a finger moves a pane", async ({ browser, server, produce }) => {
  await produce({ name: "alice" });
  await produce({ name: "bob" });
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 1024, height: 768 } });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByLabel("Arranged").tap();
  const alice = tileOf(page, "producer:alice");
  const before = await boxOf(alice);
  const grip = (await alice.locator(".grip").boundingBox())!;
  const devtools = await context.newCDPSession(page);
  const touch = (type: string, x: number, y: number): Promise<unknown> =>
    devtools.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  const at = { x: grip.x + grip.width / 2, y: grip.y + grip.height / 2 };
  await touch("touchStart", at.x, at.y);
  await expect(page.locator(".ghost")).toHaveCount(1);
  for (let step = 1; step <= 6; step += 1) await touch("touchMove", at.x + step * 60, at.y);
  await touch("touchEnd", 0, 0);
  await expect(page.locator(".ghost")).toHaveCount(0);
  expect((await boxOf(alice)).x).toBeGreaterThan(before.x);
  await context.close();
});

test("an arranged wall is one column on a telephone, in the order in which it is read", async ({ page, server, produce }) => {
  for (const name of ["alice", "bob", "carol"]) await produce({ name });
  await page.goto(server.url);
  await page.getByLabel("Arranged").click();
  const carol = tileOf(page, "producer:carol");
  await carol.hover();
  await dragBy(page, carol.locator(".grip"), { x: -2_000, y: 0 });
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.locator(".grid.arranged")).toHaveCount(0);
  await expect(page.locator("[data-pane]").first()).toHaveAttribute("data-pane", "producer:carol");
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
});

test("what a browser remembers may be broken: the wall is there all the same", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  for (const broken of ["{", '{"version":1,"own":7,"drafts":[]}', '{"version":1,"own":{"tiles":"arranged","places":[{"id":3},{"id":"producer:alice","x":"a"},{"id":"producer:alice","x":99,"y":-4,"w":1e9,"h":0}]}}']) {
    await page.goto(server.url);
    await page.evaluate((text) => localStorage.setItem("livepane.wall.v1", text), broken);
    await page.reload();
    await expectMoving(paneOf(page, stream));
  }
});

test("a pane out of sight on an arranged wall costs nothing", async ({ page, server, produce }) => {
  await page.setViewportSize({ width: 1000, height: 420 });
  const producers: Producer[] = [];
  for (const name of ["one", "two", "three", "four", "five", "six", "seven"]) producers.push(await produce({ name }));
  await page.goto(server.url);
  await page.getByLabel("Arranged").click();
  await page.mouse.wheel(0, 5_000);
  const last = producers[6]!;
  await expectMoving(paneOf(page, last.stream));
  await expect.poll(() => producers[0]!.demand()).toBeNull();
  expect(await last.demand()).not.toBeNull();
});
