// The page of settings: what is saved holds, what is wrong is said where it is, and who may not change them is told so.
import { expect, test } from "./fixtures";
import { ask } from "./jobs";

interface Settings {
  readonly live_screenshots: { readonly quality: number; readonly frame_rate: number; readonly auto_enable: boolean };
}

test("settings are checked, saved, in force at once and still there later", async ({ page, server }) => {
  await page.goto(server.signIn);
  await page.goto(`${server.url}/settings`);
  const part = page.getByRole("region", { name: "Live screenshots" });
  const save = part.getByRole("button", { name: "Save" });
  await expect(save).toBeDisabled();
  await part.getByLabel("Quality").fill("5");
  await expect(part.getByRole("alert")).toHaveText("From 10 to 100.");
  await expect(save).toBeDisabled();
  await part.getByLabel("Quality").fill("80");
  await part.getByLabel("Frame rate").fill("2.5");
  await part.getByRole("switch", { name: "Start by themselves" }).check();
  await expect(part).toContainText("Not saved yet");
  await save.click();
  await expect(part).toContainText("Saved, and in force");
  const { live_screenshots: now } = await ask<Settings>(server, "GET", "api/settings");
  expect(now).toMatchObject({ quality: 80, frame_rate: 2.5, auto_enable: true });
  await page.reload();
  await expect(part.getByLabel("Quality")).toHaveValue("80");
  await part.getByLabel("Quality").fill("70");
  await part.getByRole("button", { name: "Undo" }).click();
  await expect(part.getByLabel("Quality")).toHaveValue("80");
  await expect(page.getByRole("switch", { name: "Keep to robots.txt" })).toBeDisabled();
});

test("what only the server knows to be wrong is said at its field", async ({ page, server }) => {
  await page.goto(server.signIn);
  await page.goto(`${server.url}/settings`);
  // A server with narrower bounds than this dashboard knows of.
  await page.route("**/api/settings", async (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    return route.continue({ postData: JSON.stringify({ jobs: { pages: 999 } }) });
  });
  const part = page.getByRole("region", { name: "Concurrency" });
  await part.getByLabel("Pages of the browser").fill("16");
  await part.getByRole("button", { name: "Save" }).click();
  await expect(part.getByRole("alert")).toContainText("from 1 to 16");
  await expect(part.getByLabel("Pages of the browser")).toHaveAttribute("aria-invalid", "true");
});

test("who may only watch reads them, and is told which role changes them", async ({ page, server }) => {
  await page.goto(`${server.url}/settings`);
  await expect(page.getByText("Changing settings needs the role operator.")).toBeVisible();
  await expect(page.getByLabel("Jobs at a time")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test.describe("on a telephone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("the pages are behind one button, which says where one is", async ({ page, server }) => {
    await page.goto(server.url);
    await page.getByRole("button", { name: "Pages, now Wall" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await expect(page).toHaveURL(`${server.url}/settings`);
    await expect(page.getByRole("button", { name: "Pages, now Settings" })).toBeVisible();
  });
});
