// The queue when it is long.
import { expect } from "./fixtures";
import { addJobs, ask, test } from "./jobs";

// A trace keeps the whole page at every step: of a thousand rows, that takes longer than the test; so does a search by role.
test.use({ trace: "off" });

test("a thousand jobs are one list, whose end comes as one scrolls, and it is walked by keyboard", async ({ page, server, gate }) => {
  await ask(server, "PUT", "api/settings", { jobs: { concurrency: 1 } });
  await addJobs(server, "steps", ["first 2", ...Array.from({ length: 999 }, (_, index) => `number-${index} 1`)], { gate: gate.path });
  await page.goto(server.signIn);
  await page.goto(`${server.url}/jobs`);
  await expect(page.getByRole("radio", { name: /^All 1,000/ })).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(100);
  await page.waitForFunction(() => {
    scrollTo(0, document.documentElement.scrollHeight);
    return document.querySelectorAll("main li").length === 1000;
  });
  await expect(page.locator("main li").last()).toContainText("first 2");
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator('li a[href$="/jobs/999"]')).toBeFocused();
  // Waited for by its event: on a page of a thousand rows, asking again and again keeps the page from going on.
  await Promise.all([page.waitForURL(`${server.url}/jobs/999`), page.keyboard.press("Enter")]);
  await expect(page.getByRole("heading", { name: "Waits for its turn" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(`${server.url}/jobs`);
});
