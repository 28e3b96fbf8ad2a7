// Adding and closing panes from the dashboard.
import { expect, expectMoving, paneOf, test } from "./fixtures";

const MOVING = `<!doctype html><title>A clock</title><body style="font: 80px sans-serif"><p id="t">0</p>
<script>let n = 0; setInterval(() => { t.textContent = ++n; document.body.style.background = "hsl(" + n * 30 + " 60% 80%)"; }, 100);</script>`;

test("an address becomes a live pane, and is closed again", async ({ page, server, site }) => {
  site.pages.set("/clock", MOVING);
  await page.goto(server.signIn);
  await expect(page).toHaveURL(`${server.url}/`);
  await page.getByRole("button", { name: "Add pane" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill(`${site.url}/clock`);
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(/\/s\/page:/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A clock");
  await expectMoving(page.locator("live-pane"));

  await page.getByRole("button", { name: "Close this pane" }).click();
  await page.getByRole("button", { name: "Close it" }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(page.getByRole("heading", { name: "No panes yet" })).toBeVisible();
});

test("an address that cannot be opened is said in the dialog", async ({ page, server }) => {
  await page.goto(server.signIn);
  await page.getByRole("button", { name: "Add pane" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill("file:///etc/passwd");
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("file:///etc/passwd");
  await dialog.getByRole("tab", { name: "Chrome tab" }).click();
  await expect(dialog.getByRole("alert")).toContainText("LIVEPANE_CHROME_URL");
});

test("without a sign-in the dashboard says how to get one", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  await page.goto(server.url);
  await expectMoving(paneOf(page, stream));
  await page.getByRole("button", { name: "Add pane" }).click();
  await expect(page.getByRole("dialog")).toContainText("sign in: use the URL that livepane serve printed");
  await expect(page.getByRole("button", { name: "Open", exact: true })).toHaveCount(0);
});

test("dark and light can be chosen, and the choice stays", async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(server.url);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("nothing is cut off on a telephone", async ({ page, server, produce }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { stream } = await produce({ name: "alice", title: "A title that is a good deal longer than a telephone is wide" });
  await page.goto(server.url);
  await expectMoving(paneOf(page, stream));
  const isWider = (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(await isWider()).toBe(false);
  await page.getByRole("link", { name: /A title/ }).click();
  await expectMoving(paneOf(page, stream));
  expect(await isWider()).toBe(false);
});
