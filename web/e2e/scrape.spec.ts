// Scraping from the dashboard: against companies of our own making, which are really read.
import { readFileSync } from "node:fs";
import { expect, test as base } from "./fixtures";
import { Sites } from "./jobs";

const test = base.extend<object, { companies: Sites }>({
  companies: [
    async ({}: object, use: (companies: Sites) => Promise<void>) => {
      const companies = await Sites.serve();
      await use(companies);
      await companies.dispose();
    },
    { scope: "worker" },
  ],
  serverEnv: async ({ companies }, use) => use({ ...companies.env }),
});

const GOOD = ["anvilworks.example", "bellowsco.example", "quench.example"];

test("companies resolve one by one, those that fail say why, and postings are narrowed, opened and taken away", async ({ page, server }) => {
  await page.goto(server.url);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Scrape" }).click();
  const field = page.getByLabel("Companies", { exact: true });
  await field.fill(`${GOOD.join(", ")}\nhttps://anvilworks.example/ localhost me@acme.com keepout.example leeresfeuer.example`);
  await expect(page.getByRole("status").filter({ hasText: "companies" })).toHaveText("5 companies · 1 twice, taken once · 2 left out");
  await expect(page.getByText("an e-mail address, not a site")).toBeVisible();
  await page.getByRole("button", { name: "Scrape 5 companies" }).click();
  await expect(page).toHaveURL(/\/scrape\?run=scrape-\w+$/);
  await expect(page.getByRole("heading", { level: 1, name: "Scraped" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "postings" })).toContainText(/^5 companies · \d+ postings · 1 without openings · 1 failed/);
  const list = page.getByRole("list", { name: "Companies" });
  await expect(list.getByRole("listitem")).toHaveCount(5);
  for (const name of GOOD) await expect(list.getByRole("button", { name: new RegExp(`^${name}.* postings$`) })).toBeVisible();

  await list.getByRole("button", { name: /^keepout/ }).click();
  const postings = page.getByRole("region", { name: "Postings" });
  await expect(postings.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  await expect(postings).toContainText("We keep to that.");
  await list.getByRole("button", { name: /^leeresfeuer/ }).click();
  await expect(postings).toContainText("says that nothing is open just now");
  await list.getByRole("button", { name: /^quench/ }).click();
  const rows = postings.getByRole("row");
  const all = await rows.count();
  expect(all).toBeGreaterThan(3);
  await postings.getByLabel("Any place").selectOption("remote");
  await expect.poll(() => rows.count()).toBeLessThan(all);
  await expect(postings.getByRole("cell", { name: "Remote" })).toHaveCount((await rows.count()) - 1);
  await page.getByRole("button", { name: "Every company, not only quench.example" }).click();
  await postings.getByRole("button", { name: "Title" }).click();
  await expect(postings.getByRole("columnheader", { name: "Title" })).toHaveAttribute("aria-sort", "ascending");
  const titles = await postings.getByRole("rowheader").allTextContents();
  expect(titles).toEqual([...titles].sort(new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare));

  await postings.getByRole("rowheader").first().getByRole("button").click();
  const detail = page.getByRole("dialog");
  await expect(detail.getByRole("heading", { name: titles[0] ?? "" })).toBeVisible();
  await expect(detail).toContainText("Signals");
  await expect(detail.getByRole("link", { name: "Open the posting" })).toHaveAttribute("href", /^https:\/\//);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "JSON" }).click()]);
  const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as { title: string; location_type: string }[];
  expect(saved.map(({ title }) => title)).toEqual(titles);
  expect(new Set(saved.map(({ location_type }) => location_type))).toEqual(new Set(["remote"]));

  await list.getByRole("link", { name: "Open the job of quench.example" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("quench.example");
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(all);
});

test("a scrape goes on when one leaves the page, and is there when one comes back, also in another browser", async ({ page, browser, server }) => {
  await page.goto(`${server.url}/scrape`);
  await page.getByLabel("Companies", { exact: true }).fill(GOOD.join(" "));
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/run=/);
  const address = page.url();
  await page.goto(server.url);
  await page.goto(`${server.url}/scrape`);
  await expect(page).toHaveURL(address);
  await expect(page.getByRole("heading", { level: 1, name: "Scraped" })).toBeVisible();
  const summary = page.getByRole("status").filter({ hasText: "postings" });
  const words = await summary.textContent();
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByRole("status").filter({ hasText: "postings" })).toHaveText(words ?? "");
  await context.close();
  await page.getByRole("button", { name: "New scrape" }).click();
  await expect(page.getByLabel("Companies", { exact: true })).toHaveValue(GOOD.join(" "));
});

test("a scrape is stopped for all who have not answered", async ({ page, server }) => {
  await page.goto(`${server.url}/scrape`);
  // It answers after longer than anybody waits.
  await page.getByLabel("Companies", { exact: true }).fill("glacier.example");
  await page.getByRole("button", { name: "Scrape", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Scraping" })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("list", { name: "Companies" })).toContainText("Cancelled");
  await expect(page.getByRole("heading", { level: 1, name: "Scraped" })).toBeVisible();
});
