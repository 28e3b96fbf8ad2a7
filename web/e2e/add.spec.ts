// Adding and closing panes from the dashboard.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { Display } from "./display";
import { expect, expectMoving, paneOf, test as base } from "./fixtures";

const MOVING = `<!doctype html><title>A clock</title><body style="font: 80px sans-serif"><p id="t">0</p>
<script>let n = 0; setInterval(() => { t.textContent = ++n; document.body.style.background = "hsl(" + n * 30 + " 60% 80%)"; }, 100);</script>`;

const test = base.extend<{ display: Display }>({
  display: async ({}, use) => {
    const display = await Display.start();
    await use(display);
    await display.dispose();
  },
});

/** Runs a line in a shell for as long as the test takes. */
const runs: (() => void)[] = [];
test.afterEach(() => {
  for (const end of runs.splice(0)) end();
});

async function openDialog(page: Page, way: string): Promise<Locator> {
  await page.getByRole("button", { name: "Add pane" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("tab", { name: way }).click();
  return dialog;
}

/** Whether a canvas has more than one colour on it. */
const isPainted = (canvas: Locator): Promise<boolean> =>
  canvas.evaluate((element: HTMLCanvasElement) => {
    if (element.width === 0) return false;
    const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(data.buffer)).size > 1;
  });

test("an address becomes a live pane, and is closed again", async ({ page, server, site }) => {
  site.pages.set("/clock", MOVING);
  await page.goto(server.signIn);
  await expect(page).toHaveURL(`${server.url}/`);
  const dialog = await openDialog(page, "Open a URL");
  // Without its scheme, as people type it.
  await dialog.getByLabel("Address").fill(`${site.url.replace("http://", "")}/clock`);
  await expect(dialog).toContainText(`Opens ${site.url}/clock`);
  await dialog.getByLabel(/^Phone/).check();
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(/\/s\/page:/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A clock");
  await expectMoving(page.locator("live-pane"));
  await page.getByRole("combobox", { name: "Size" }).selectOption({ label: "Source size" });
  await expect(page.getByRole("complementary", { name: "Details" })).toContainText("390 × 844");

  await page.getByRole("button", { name: "Close this pane" }).click();
  await page.getByRole("button", { name: "Close it" }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(page.getByRole("heading", { name: "No panes yet" })).toBeVisible();
});

test("what cannot be opened is said in the dialog", async ({ page, server }) => {
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "Open a URL");
  await dialog.getByLabel("Address").fill("file:///etc/passwd");
  await dialog.getByRole("button", { name: "Open", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("file:///etc/passwd");
  await dialog.getByRole("tab", { name: "Chrome tab" }).click();
  await dialog.getByLabel("Over a debugging port").check();
  await expect(dialog.getByRole("alert")).toContainText("LIVEPANE_CHROME_URL");
  await expect(dialog).toContainText("--remote-debugging-port=9222");
});

test.describe("without a display", () => {
  test.use({ serverEnv: { DISPLAY: ":4711" } });

  test("the dialog says what is missing and what to do instead", async ({ page, server }) => {
    await page.goto(server.signIn);
    const dialog = await openDialog(page, "Window or monitor");
    await expect(dialog.getByRole("alert")).toContainText(":4711");
    await expect(dialog).toContainText("choose Another machine");
  });
});

test.describe("on a machine with a display", () => {
  test.use({ serverEnv: async ({ display }, use) => use({ DISPLAY: display.name }) });

  test("windows show what is in them, one that closes leaves, one that is chosen becomes a pane", async ({ page, server, display }) => {
    display.terminal("build log", "60x20+10+10");
    const close = display.terminal("short-lived", "60x20+500+300");
    await page.goto(server.signIn);
    const dialog = await openDialog(page, "Window or monitor");
    const one = dialog.getByRole("button", { name: /^build log/ });
    await expect.poll(() => isPainted(one.locator("canvas"))).toBe(true);
    const other = dialog.getByRole("button", { name: /^short-lived/ });
    await expect(other).toBeVisible();
    close();
    await expect(other).toHaveCount(0);
    // Looking at windows puts none of them on the wall.
    const listed = (await (await page.request.get(`${server.url}/api/streams`)).json()) as { streams: { id: string }[] };
    expect(listed.streams.filter(({ id }) => id.startsWith("window:"))).toEqual([]);
    await one.click();
    await expect(page).toHaveURL(/\/s\/window:\d+/);
    await expectMoving(page.locator("live-pane"));
    const id = decodeURIComponent(page.url()).split("/s/")[1];
    // On a wall for everybody it is chosen for everybody.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Layout: My wall" }).click();
    await page.getByRole("menuitem", { name: "Save as…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Hall");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(`${server.url}/wall/Hall`);
    const { wall } = (await (await page.request.get(`${server.url}/api/layouts/Hall`)).json()) as { wall: { pins: string[] } };
    expect(wall.pins).toEqual([id]);
  });
});

test("another machine comes live with the command that the dialog shows, and cancelling ends it", async ({ page, server, display }) => {
  display.terminal("far away", "60x20+10+10");
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "Another machine");
  await dialog.getByLabel("Name of the machine").fill("attic pc");
  await dialog.getByRole("button", { name: "Make the command" }).click();
  const waiting = dialog.getByText("Waiting for attic pc to connect");
  await expect(waiting).toBeVisible();
  // The browser of these tests says that it is one on Windows.
  await expect(dialog.getByLabel("Command", { exact: true })).toHaveText(/^\$env:LIVEPANE_TOKEN='\S+'; livepane share --server http/);
  await dialog.getByLabel("Linux, macOS").check();
  const command = (await dialog.getByLabel("Command", { exact: true }).textContent()) ?? "";
  expect(command).toMatch(/^LIVEPANE_TOKEN=\S+ livepane share --server http/);
  // What the dialog shows, and nothing that this machine knows besides.
  const run = server.run(command, { DISPLAY: display.name, LIVEPANE_DATA_DIR: join(tmpdir(), "no-such-folder") });
  const ended = new Promise((resolve) => run.once("exit", resolve));
  runs.push(() => run.pid !== undefined && run.exitCode === null && process.kill(-run.pid));
  await expectMoving(paneOf(page, "producer:attic pc").last());
  await expect(waiting).toHaveCount(0);

  await dialog.getByRole("button", { name: "Cancel and revoke" }).click();
  await expect(dialog.getByLabel("Name of the machine")).toBeVisible();
  // It is told that it may not come back, and does not try.
  expect(await ended).toBe(1);
});

test("a browser that uses the code comes live in the dialog, keeps up in the tile, and is late when it stops", async ({ page, server, site }) => {
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "Chrome tab");
  await dialog.getByRole("button", { name: "Make a code" }).click();
  const code = await dialog.getByRole("group", { name: "Code" }).textContent();
  await expect(dialog.getByText("Waiting for the extension to use the code")).toBeVisible();
  // What the extension does, from an origin of its own.
  const origin = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
  const ask = async (path: string, body: object, token?: string): Promise<Response> => {
    const headers = { "content-type": "application/json", origin, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    return fetch(`${server.url}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  };
  const paired = (await (await ask("api/pair", { code, name: "laptop" })).json()) as { token: string; streams: string[] };
  expect(paired.streams).toEqual(["tab:laptop*"]);
  await expect(dialog.getByText("Paired with laptop")).toBeVisible();

  const shot = async (colour: string): Promise<string> => {
    const tab = await page.context().newPage();
    await tab.goto(site.url);
    await tab.evaluate((background) => (document.body.style.background = background), colour);
    const picture = (await tab.screenshot({ type: "jpeg" })).toString("base64");
    await tab.close();
    return picture;
  };
  const published = await ask("publish", { frame: await shot("#36c"), source: "laptop-1", title: "A shop", every_ms: 2_000, masked: true }, paired.token);
  expect(published.status).toBe(200);
  await expect(dialog).toContainText("A shop is on the wall.");
  await dialog.getByRole("button", { name: "Open it large" }).click();
  await expect(page).toHaveURL(/\/s\/tab:laptop-1/);
  const state = page.getByRole("region", { name: "State" });
  await expect(state).toContainText("Last update");
  await expect(state).toContainText("parts of this picture are painted over at the source");
  // The next one was promised, and does not come.
  await expect(state).toContainText(/Late · updated \d+ s ago/);
  await expect(state).toContainText("The next picture is late: they came every 2 s");
  await page.getByRole("button", { name: "Back to the wall" }).click();
  await expect(page.getByRole("article")).toContainText(/No more pictures come|The next picture is late/);
});

test("a name that is taken is said before the command is made", async ({ page, server, produce }) => {
  await produce({ name: "alice" });
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "Another machine");
  await dialog.getByLabel("Name of the machine").fill("alice");
  await expect(dialog).toContainText("connected already");
});

test("a script that gets the two lines comes live in the dialog", async ({ page, server, site }, info) => {
  site.pages.set("/clock", MOVING);
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "From code");
  await dialog.getByLabel("sync", { exact: true }).check();
  const lines = (await dialog.getByLabel("Lines for the script").textContent()) ?? "";
  expect(lines).toContain("livepane.watch(page)");
  const { args = [], executablePath } = info.project.use.launchOptions ?? {};
  const script = [
    "from playwright.sync_api import sync_playwright",
    "with sync_playwright() as playwright:",
    `    browser = playwright.chromium.launch(executable_path=${executablePath === undefined ? "None" : JSON.stringify(executablePath)}, args=${JSON.stringify(args)})`,
    "    page = browser.new_page()",
    ...lines.split("\n").map((line) => `    ${line}`),
    `    page.goto(${JSON.stringify(`${site.url}/clock`)})`,
    "    page.wait_for_timeout(60_000)",
  ].join("\n");
  const folder = mkdtempSync(join(tmpdir(), "livepane-script-"));
  writeFileSync(join(folder, "shop_check.py"), script);
  const run = server.run(`python ${JSON.stringify(join(folder, "shop_check.py"))}`);
  runs.push(() => {
    if (run.pid !== undefined && run.exitCode === null) process.kill(-run.pid);
    rmSync(folder, { recursive: true, force: true });
  });
  await expect(dialog).toContainText("is on the wall");
  await expectMoving(dialog.locator("live-pane"));
  await dialog.getByRole("button", { name: "Open it large" }).click();
  await expect(page).toHaveURL(/\/s\/page:shop_check/);
});

test("an empty wall offers every way, and each opens the dialog there", async ({ page, server }) => {
  await page.goto(server.signIn);
  await expect(page.getByRole("heading", { name: "No panes yet" })).toBeVisible();
  for (const way of ["Open a URL", "Window or monitor", "Chrome tab", "Another machine", "From code"]) {
    await page.getByRole("main").getByRole("button", { name: way }).click();
    await expect(page.getByRole("dialog").getByRole("tab", { name: way })).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
});

test("the ways can be walked through by keyboard", async ({ page, server }) => {
  await page.goto(server.signIn);
  const dialog = await openDialog(page, "Open a URL");
  await dialog.getByRole("tab", { name: "Open a URL" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(dialog.getByRole("tab", { name: "Chrome tab" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("End");
  await expect(dialog.getByRole("tab", { name: "From code" })).toBeFocused();
});

test("somebody who may only watch is told which role is missing, and how to get it", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  await page.goto(server.url);
  await expectMoving(paneOf(page, stream));
  const dialog = await openDialog(page, "Open a URL");
  await expect(dialog).toContainText("Opening a page needs the role operator.");
  await expect(dialog.getByRole("button", { name: "Open", exact: true })).toHaveCount(0);
  await dialog.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/signin/);
});

test("dark and light can be chosen, and the choice stays", async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(server.url);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
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
