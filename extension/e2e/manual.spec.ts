// The extension as it is after its installation: it may look at nothing but the tab whose button was pressed.
import { expect, Sharing, test } from "./fixtures";
import { isBlue, isDark, look } from "./picture";
import { AT } from "./site";

test("a press on the button and on Capture now makes the tab a pane, with no right but that", async ({ chromium, server, site, eyes }) => {
  const sharing = new Sharing(chromium.shipped, server.url);
  await sharing.set({ server: server.url, name: "manual" });
  const page = await chromium.open(site.url("shop", "/form"));
  const popup = await chromium.shipped.popup(page);
  await expect.poll(() => popup.text()).toContain("Not shared");
  await popup.press("Capture now");
  await expect.poll(() => popup.text()).toContain("Captured");

  await expect.poll(() => eyes.tab("Form")).toMatchObject({ id: "tab:manual-1", url: site.url("shop", "/form"), masked: true });
  const { width, height, colours } = await look(page, await eyes.newest("tab:manual-1"), [AT.password, AT.open, AT.framedPassword, AT.framedOpen]);
  expect({ width, height }).toEqual(await page.evaluate(() => ({ width: innerWidth, height: innerHeight })));
  // Chrome lets it into no frame of another site: that is covered as a whole.
  expect(colours.map(isDark)).toEqual([true, false, true, true]);
  expect(isBlue(colours[1]!)).toBe(true);
  expect(await chromium.shipped.inside(() => chrome.permissions.getAll(), null)).toMatchObject({ origins: [] });
});

test("a page that Chrome lets no extension into is explained", async ({ chromium }) => {
  const page = await chromium.open("chrome://version");
  const popup = await chromium.shipped.popup(page);
  await expect.poll(() => popup.text()).toContain("one of the browser itself");
  expect(await popup.disabled("Capture now")).toBe(true);
});
