// Finding panes on a full wall: filter, groups, order, what needs attention, and the capture budget.
import { expect, expectMoving, paneOf, test } from "./fixtures";

test("text, state and kind narrow the wall, and the address carries them", async ({ page, browser, server, produce }) => {
  await produce({ name: "alice", title: "Checkout" });
  await produce({ name: "bob", title: "Search", still: true });
  const gone = await produce({ name: "carol", title: "Payments" });
  await page.goto(server.url);
  await expectMoving(paneOf(page, "producer:alice"));
  await expect.poll(() => page.getByText(/3 panes/).textContent()).toContain("1 static");
  await gone.leave();
  await expect(page.getByText("3 panes, 1 live, 1 static, 1 gone")).toBeVisible();
  const tiles = page.locator("[data-pane]");

  await page.keyboard.press("/");
  await page.keyboard.type("check");
  await expect(tiles).toHaveCount(1);
  await expect(page).toHaveURL(/\?q=check$/);
  await page.getByLabel("Filter panes").fill("");
  await expect(tiles).toHaveCount(3);

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const isStatic = page.getByRole("menuitemcheckbox", { name: /Static/ });
  await expect(isStatic).toContainText("1");
  await isStatic.click();
  await page.getByRole("menuitemcheckbox", { name: /Gone/ }).click();
  await expect(tiles).toHaveCount(2);
  await expect(page).toHaveURL(/\?state=static,gone$/);
  await page.keyboard.press("Escape");

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator("[data-pane]")).not.toHaveCount(3);
  await expect(other.getByRole("button", { name: "Any state, not only Gone" })).toBeVisible();
  await context.close();

  await page.getByRole("button", { name: "Any state, not only Static" }).click();
  await expect(page.locator('[data-pane="producer:carol"]')).toBeVisible();
  await expect(tiles).toHaveCount(1);
  await page.goto(`${server.url}/?q=nothing+has+this`);
  await expect(page.getByText("No pane matches the filter.")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(tiles).toHaveCount(3);
  await expect(page).toHaveURL(`${server.url}/`);
});

test("a lost source stands out with its reason, and can be put first", async ({ page, server, produce }) => {
  for (const name of ["alice", "bob"]) await produce({ name });
  const carol = await produce({ name: "carol" });
  await page.goto(server.url);
  await expectMoving(paneOf(page, carol.stream));
  await carol.leave();
  const tile = page.locator('[data-pane="producer:carol"]').getByRole("article");
  await expect(tile).toHaveAttribute("data-edge", "gone");
  await expect(tile).toContainText(/since \d/);
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "What needs attention first" }).click();
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-pane]").first()).toHaveAttribute("data-pane", "producer:carol");
  await expectMoving(paneOf(page, "producer:alice"));
});

test("panes are grouped by state, and the groups are regions with a name", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await produce({ name: "still", still: true });
  await page.goto(server.url);
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "By state" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Static" }).locator("[data-pane]")).toHaveAttribute("data-pane", "producer:still");
  await expect(page.getByRole("region", { name: "Live" }).locator("[data-pane]")).toHaveAttribute("data-pane", "producer:alice");
  await expect(page).toHaveURL(/\?group=state$/);
  await page.reload();
  await expect(page.getByRole("region", { name: "Live" })).toBeVisible();
});

test("`?` lists the keys of this page, and the first Tab skips to the content", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.url);
  await paneOf(page, "producer:alice").waitFor();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Move the focused pane");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog", { name: "Add pane" })).toBeVisible();
});
