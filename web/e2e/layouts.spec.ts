// Layouts: walls with a name, kept on the server for everybody.
import { expect, expectMoving, paneOf, test } from "./fixtures";

test("a wall is saved under a name, and whoever opens its address sees it so", async ({ page, browser, server, produce }) => {
  for (const name of ["alice", "bob"]) await produce({ name });
  await page.goto(server.signIn);
  const alice = page.locator('[data-pane="producer:alice"]');
  await expect(alice).toBeVisible(); // before, nobody hears keys
  await page.keyboard.press("4");
  await alice.getByRole("link").focus();
  await page.keyboard.press("r");
  await expect(page.getByRole("log")).toContainText("Resizing");
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Layout: My wall" }).click();
  await page.getByRole("menuitem", { name: "Save as…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("a/b");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("no slash");
  await dialog.getByLabel("Name").fill("Night shift 100%");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(`${server.url}/wall/Night%20shift%20100%25`);
  await expect(page).toHaveTitle("Night shift 100% · Livepane");

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${server.url}/wall/Night%20shift%20100%25`);
  await expectMoving(paneOf(other, "producer:alice"));
  await expect(other.locator(".grid.arranged")).toBeVisible();
  const widths = await other.locator("[data-pane]").evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().width));
  expect(widths[0]!).toBeGreaterThan(1.8 * widths[1]!);
  await other.getByRole("button", { name: "Layout: Night shift 100%" }).click();
  await expect(other.getByRole("menuitem", { name: "Save as…" })).toBeDisabled();
  await expect(other.getByRole("menu")).toContainText("Saving needs the role operator");
  await context.close();
});

test("changes are shown as unsaved, survive a reload, and are discarded or saved", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.signIn);
  await page.getByRole("button", { name: "Layout: My wall" }).click();
  await page.getByRole("menuitem", { name: "Save as…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Team");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(`${server.url}/wall/Team`);
  const unsaved = page.getByText("Unsaved changes");
  await expect(unsaved).toHaveCount(0);
  await page.getByLabel("Large tiles").click();
  await expect(unsaved).toBeVisible();
  await page.reload();
  await expect(unsaved).toBeVisible();
  await expect(page.getByLabel("Large tiles")).toHaveAttribute("data-state", "on");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByLabel("Medium tiles")).toHaveAttribute("data-state", "on");
  await expect(unsaved).toHaveCount(0);

  await page.getByLabel("Small tiles").click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(unsaved).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Small tiles")).toHaveAttribute("data-state", "on");

  // Somebody else saves meanwhile: nothing is lost without a word.
  const saveElsewhere = (tiles: string): Promise<Response> =>
    fetch(`${server.url}/api/layouts/Team`, { method: "PUT", headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" }, body: JSON.stringify({ wall: { version: 1, tiles } }) });
  for (const [choice, shown] of [["Take theirs", "Large tiles"], ["Overwrite", "Medium tiles"]] as const) {
    expect((await saveElsewhere("large")).status).toBe(200);
    await page.getByLabel("Medium tiles").click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("Somebody else has saved this layout");
    await page.getByRole("button", { name: choice }).click();
    await expect(page.getByLabel(shown)).toHaveAttribute("data-state", "on");
    await expect(page.getByRole("button", { name: "Overwrite" })).toHaveCount(0);
    await expect(unsaved).toHaveCount(0);
    await page.reload();
    await expect(page.getByLabel(shown)).toHaveAttribute("data-state", "on");
    await saveElsewhere("small");
    await page.reload();
    await expect(page.getByLabel("Small tiles")).toHaveAttribute("data-state", "on");
  }
  await page.goto(`${server.url}/`);
  await expect(page.getByLabel("Medium tiles")).toHaveAttribute("data-state", "on");
});

test("what is chosen before a layout has come is not lost", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.signIn);
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  await fetch(`${server.url}/api/layouts/Slow`, { method: "PUT", headers, body: JSON.stringify({ wall: { version: 1, tiles: "small", sort: "name" } }) });
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/api/layouts/Slow", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server.url}/wall/Slow`);
  await page.getByLabel("Large tiles").click();
  go();
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await expect(page.getByLabel("Large tiles")).toHaveAttribute("data-state", "on");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByLabel("Small tiles")).toHaveAttribute("data-state", "on");
});

test("a layout is renamed and deleted, and one that is not there says so", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.signIn);
  await page.getByRole("button", { name: "Layout: My wall" }).click();
  await page.getByRole("menuitem", { name: "Save as…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Team");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Layout: Team" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Crew");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(page).toHaveURL(`${server.url}/wall/Crew`);
  await page.getByRole("button", { name: "Layout: Crew" }).click();
  await expect(page.getByRole("menuitem", { name: "Team" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await page.goto(`${server.url}/wall/Crew`);
  await expect(page.getByRole("alert")).toContainText("Crew");
});

test("a stream that is not here keeps its place on a layout, says so, and comes back to it; a chosen one is on it without a place", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.signIn);
  const bob = { id: "producer:bob", x: 6, y: 0, w: 6, h: 7 };
  const stored = await page.request.put(`${server.url}/api/layouts/Pair`, {
    headers: { origin: server.url },
    data: { wall: { version: 1, tiles: "arranged", places: [{ id: "producer:alice", x: 0, y: 0, w: 6, h: 7 }, bob], pins: ["monitor:1"] } },
  });
  expect(stored.status()).toBe(200);
  await page.goto(`${server.url}/wall/Pair`);
  await expect(page.locator('[data-pane="monitor:1"]')).toBeVisible();
  const tile = page.locator('[data-pane="producer:bob"]');
  await expect(tile).toContainText("Not here now");
  await expect(page.getByText("1 not here")).toBeVisible();
  const before = await tile.boundingBox();
  await produce({ name: "bob" });
  await expectMoving(paneOf(page, bob.id));
  expect(await tile.boundingBox()).toEqual(before);
  await expect(page.getByText("Unsaved changes")).toHaveCount(0);
});
