// The queue and the page of a job: what happens on the server is seen, and what is pressed happens.
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { LivePane } from "../src/player/element";
import { expect, paneOf } from "./fixtures";
import { addJobs, ask, test } from "./jobs";

const row = (page: Page, target: string): Locator => page.getByRole("listitem").filter({ has: page.getByRole("link", { name: target, exact: true }) });

/** The colour in the middle of the picture, as far as JPEG leaves it; null while there is none. */
const middle = (pane: Locator): Promise<string | null> =>
  pane.evaluate((element) => {
    const { canvas } = element as LivePane;
    if (canvas.hidden || canvas.width === 0) return null;
    const { data } = canvas.getContext("2d")!.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
    return [...data.slice(0, 3)].map((value) => Math.round(value / 16)).join(" ");
  });

async function choose(page: Page, target: string, item: string): Promise<void> {
  await row(page, target).getByRole("button", { name: /^Menu of job/ }).click();
  await page.getByRole("menu").getByText(item, { exact: true }).click();
  await expect(page.getByRole("menu")).toHaveCount(0);
}

test("an empty queue leads to the first job, which runs before one's eyes and leaves its results", async ({ page, server, gate }) => {
  await page.goto(server.signIn);
  await page.goto(`${server.url}/jobs`);
  await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New job" });
  await dialog.getByRole("radio", { name: /^Steps/ }).check();
  await dialog.getByRole("button", { name: "Add job" }).click();
  await expect(dialog.getByRole("alert")).toContainText("at least one target");
  await dialog.getByLabel("Targets").fill("shop.example 3\n\nshop.example 3\n");
  await expect(dialog).toContainText("1 job");
  await dialog.getByRole("textbox", { name: "Gate" }).fill(gate.path);
  await dialog.getByLabel("Loud").check();
  await dialog.getByRole("button", { name: "Add job" }).click();

  await expect(page).toHaveURL(`${server.url}/jobs/1`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("shop.example 3");
  await expect(page.getByRole("heading", { name: "No browser needed" })).toBeVisible();
  await expect(page.getByLabel("Actions")).toContainText("Reading page 1 of 3");
  await expect(page.getByRole("progressbar", { name: "Progress" })).toHaveAttribute("aria-valuenow", "33");
  const results = page.getByRole("table");
  await expect(results.getByRole("row")).toHaveCount(2);
  gate.open();
  await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(results.getByRole("row")).toHaveCount(4);
  await results.getByRole("button", { name: "Details of result 2" }).click();
  await expect(results).toContainText("https://shop.example/2");
  await expect(page.getByRole("complementary", { name: "Details" })).toContainText("Pages3");
  await page.getByRole("tab", { name: /^Log.*1 warnings/ }).click();
  await expect(page.getByRole("region", { name: "Log" })).toContainText("One page was empty");
  await expect(page.getByRole("region", { name: "Log" })).toContainText("Succeeded with 3 results");

  for (const [name, start] of [["JSON", '[\n{"title":"Thing 1"'], ["JSON Lines", '{"title":"Thing 1"'], ["CSV, for spreadsheets", "\uFEFFtitle,price,url,tags\r\nThing 1,10,"]] as const) {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name, exact: true }).click()]);
    expect(readFileSync(await download.path(), "utf8").slice(0, start.length)).toBe(start);
  }
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Log" })).toContainText(/Succeeded with 3 results[\s\S]*Succeeded with 3 results/);
});

test("the queue changes as jobs do; they are found, put first, cancelled, tried again and deleted", async ({ page, server, gate }) => {
  await ask(server, "PUT", "api/settings", { jobs: { concurrency: 1 } });
  await addJobs(server, "breaks", ["blocked"], {}, { group: "monday" });
  await addJobs(server, "steps", ["holds 2"], { gate: gate.path });
  await addJobs(server, "steps", ["waits 1", "also-waits 1"]);
  await page.goto(server.signIn);
  await page.goto(`${server.url}/jobs`);
  await expect(row(page, "holds 2")).toContainText("Reading page 1 of 2");
  await expect(row(page, "blocked")).toContainText("Blocked · the third request was refused");
  await expect(page.getByRole("radio", { name: /^Queued 2/ })).toBeVisible();

  await choose(page, "also-waits 1", "Highest");
  await expect(row(page, "also-waits 1").getByLabel("Priority highest")).toBeVisible();
  await page.getByRole("radio", { name: /^Failed/ }).check();
  await expect(page).toHaveURL(/\?state=failed$/);
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("radio", { name: /^All/ }).check();
  await page.getByRole("button", { name: "monday" }).click();
  await expect(page).toHaveURL(/\?group=monday$/);
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Any group, not only monday" }).click();
  await page.keyboard.press("/");
  await page.keyboard.type("third request");
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await page.getByLabel("Filter jobs").fill("nobody");
  await page.getByRole("button", { name: "Show all jobs" }).click();
  await expect(page.getByRole("listitem")).toHaveCount(4);

  await choose(page, "holds 2", "Cancel");
  await expect(row(page, "holds 2")).toContainText("Cancelled");
  await expect(row(page, "also-waits 1")).toContainText("Succeeded");
  await expect(row(page, "waits 1")).toContainText("Succeeded");
  const ended = async () => (await ask<{ finished_at: number | null }>(server, "GET", "api/jobs/1")).finished_at ?? 0;
  const before = await ended();
  await choose(page, "blocked", "Retry");
  await expect.poll(ended).toBeGreaterThan(before);
  await expect(page.getByRole("radio", { name: /^Failed 1/ })).toBeVisible();
  await page.getByRole("checkbox", { name: /waits 1$/ }).first().click();
  await page.getByRole("checkbox", { name: /blocked$/ }).click({ modifiers: ["Shift"] });
  const bulk = page.getByRole("toolbar", { name: "Chosen jobs" });
  await expect(bulk).toContainText("4 chosen");
  await bulk.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
});

test("after the server was away, the queue and the journal of a job go on where they were", async ({ page, context, server, gate }) => {
  const [held] = await addJobs(server, "steps", ["holds 3"], { gate: gate.path });
  await page.goto(server.signIn);
  await page.goto(`${server.url}/jobs`);
  const job = await context.newPage();
  await job.goto(`${server.url}/jobs/${held ?? 0}`);
  await expect(job.getByRole("table").getByRole("row")).toHaveCount(2);
  await server.stop();
  await expect(page.getByText("Not live: trying again")).toBeVisible();
  await server.start();
  await addJobs(server, "steps", ["came-later 1"]);
  await expect(row(page, "came-later 1")).toContainText("Succeeded");
  await expect(page.getByText("Not live: trying again")).toHaveCount(0);
  gate.open();
  await expect(row(page, "holds 3")).toContainText("Succeeded");
  await expect(job.getByText("Succeeded", { exact: true })).toBeVisible();
  await expect(job.getByRole("table").getByRole("row")).toHaveCount(4);
});

test("a job with a page is watched; it fails with its reason in plain words, and its last picture stays", async ({ page, server, gate }) => {
  const [id] = await addJobs(server, "breaks", ["blocked"], { gate: gate.path }, { max_attempts: 1 });
  await page.goto(server.signIn);
  await page.goto(`${server.url}/jobs/${id ?? 0}`);
  const pane = paneOf(page, `job:${id ?? 0}`);
  const green = [0x22, 0xaa, 0x77].map((value) => Math.round(value / 16)).join(" ");
  await expect.poll(() => middle(pane)).toBe(green);
  await expect(page.getByLabel("Actions")).toContainText("Reading the page");
  gate.open();
  await expect(page.getByText("Failed", { exact: true })).toBeVisible();
  await expect(page.getByText("The site turns automatic visitors away.")).toBeVisible();
  await expect(page.getByText("the third request was refused").first()).toBeVisible();
  await expect(page.getByText("Last picture")).toBeVisible();
  expect(await middle(pane)).toBe(green);
  await page.reload();
  await expect.poll(() => middle(pane)).toBe(green);
  await page.goto(`${server.url}/jobs/4711`);
  await expect(page.getByRole("heading", { name: "There is no job 4711" })).toBeVisible();
});

test("what a site says stays text", async ({ page, server }) => {
  const evil = '<img src=x onerror="window.hacked=1"> 1';
  await addJobs(server, "steps", [evil]);
  await page.goto(server.url);
  await page.goto(`${server.url}/jobs`);
  await page.getByRole("link", { name: evil }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(evil);
  await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
});
