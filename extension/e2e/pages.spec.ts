// The popup and the options: with the keyboard alone, in both colour schemes, and for whoever reads with other senses.
import AxeBuilder from "@axe-core/playwright";
import axe from "axe-core";
import { expect, test } from "./fixtures";
import type { Popup } from "./popup";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}
const said = (violations: readonly Violation[]): string[] => violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`));
const SCHEMES = ["light", "dark"] as const;

async function readable(popup: Popup): Promise<void> {
  for (const scheme of SCHEMES) {
    await popup.prefer(scheme);
    await expect.poll(() => popup.run("document.documentElement.dataset.theme")).toBe(scheme);
    await popup.run("Promise.all(document.getAnimations().map((one) => one.finished))"); // a colour on its way is no colour yet
    expect(said((await popup.run("axe.run().then((found) => found.violations)")) as Violation[])).toEqual([]);
  }
}

test("the popup can be read by everybody and used with the keyboard alone", async ({ chromium, site, sharing, eyes }) => {
  await sharing.automatically("keys", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/moving"));
  const popup = await chromium.allowed.popup(page);
  await popup.run(axe.source);
  await expect.poll(() => popup.text()).toContain("Nobody is watching");
  await readable(popup);

  expect(await popup.focused()).toBe("Capture now");
  await popup.key("Enter");
  await expect.poll(() => popup.text()).toContain("Captured");
  await readable(popup);
  await expect.poll(() => popup.focused()).toBe("Capture now");
  await popup.key("Tab");
  expect(await popup.focused()).toBe("Share this site automatically");
  await popup.key(" ");
  await expect.poll(() => popup.text()).toContain("This site is not shared any more");
  await expect.poll(async () => (await eyes.tab("Moving"))?.state).not.toBe("live");
  await expect.poll(() => popup.focused()).toBe("Share this site automatically");
  await popup.key("Tab");
  expect(await popup.focused()).toBe("Stream this tab");
  await readable(popup);
});

test("the options can be read by everybody and used with the keyboard alone", async ({ chromium, sharing, other }) => {
  await sharing.set({ server: other.url, name: "options" });
  const options = await chromium.allowed.options();
  await options.getByLabel("Server address").focus();
  await options.keyboard.press("Control+a");
  await options.keyboard.type("nowhere");
  await options.keyboard.press("Tab");
  await expect(options.getByText("“nowhere” is not an address")).toBeVisible();
  await expect(options.getByLabel("Server address")).toHaveAttribute("aria-invalid", "true");
  await options.getByLabel("Add a site").focus();
  await options.keyboard.type("two words");
  await options.keyboard.press("Enter");
  await expect(options.getByText("“two words” means no site")).toBeVisible();
  await options.keyboard.press("Control+a");
  await options.keyboard.type("example.com");
  await options.keyboard.press("Enter");
  await expect(options.getByText("*://*.example.com/*")).toBeVisible();
  await options.getByText("Token", { exact: true }).first().focus();
  await options.keyboard.press("Enter");
  await expect(options.getByRole("textbox", { name: "Token" })).toBeVisible();
  await options.getByLabel("Selectors for every site").fill("][");
  await options.keyboard.press("Tab");
  await expect(options.getByText("“][” is no CSS selector")).toBeVisible();
  for (const colorScheme of SCHEMES) {
    await options.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(options.locator("html")).toHaveAttribute("data-theme", colorScheme);
    await options.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
    const { violations } = await new AxeBuilder({ page: options }).setLegacyMode().analyze();
    expect(said(violations as Violation[])).toEqual([]);
  }

  // One site and what it was given, taken off again.
  await options.getByRole("button", { name: "Remove *://*.example.com/*" }).focus();
  await options.keyboard.press("Enter");
  await expect(options.getByText("None yet.")).toBeVisible();
  await expect(options.getByLabel("Add a site")).toBeFocused();
  await expect.poll(async () => (await sharing.settings()).sites).toEqual([]);
});
