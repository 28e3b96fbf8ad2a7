// What holds on every screen: for eyes, keyboards, screen readers, telephones and large type, in the dark and in the light.
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page, test as base } from "@playwright/test";
import { House, SCREENS } from "./screens";

/** Two people who look at one screen after the other: what their browser has loaded and compiled once it has for all of them. */
class Visitors {
  private constructor(
    readonly house: House,
    private readonly operator: Page,
    private readonly stranger: Page,
  ) {}

  static async come(browser: Browser): Promise<Visitors> {
    const house = await House.open(browser);
    const [operator, stranger] = [await browser.newPage(), await browser.newPage()];
    // By a request: the page that it leads to is not the one to look at.
    await operator.request.get(house.server.signIn, { maxRedirects: 0 });
    return new Visitors(house, operator, stranger);
  }

  /** A page that remembers nothing of the screen before. */
  async page(signedOut = false): Promise<Page> {
    const page = signedOut ? this.stranger : this.operator;
    if (page.url() !== "about:blank") await page.evaluate(() => [localStorage, sessionStorage].forEach((storage) => storage.clear()));
    await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
    await page.setViewportSize(DESK);
    return page;
  }

  async leave(): Promise<void> {
    for (const page of [this.operator, this.stranger]) await page.close();
    await this.house.dispose();
  }
}

const test = base.extend<object, { visitors: Visitors }>({
  visitors: [
    async ({ browser }: { browser: Browser }, use: (visitors: Visitors) => Promise<void>) => {
      const visitors = await Visitors.come(browser);
      await use(visitors);
      await visitors.leave();
    },
    { scope: "worker" },
  ],
});

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
/** What a screen of 1440 x 900 shows at 200 %. */
const ZOOMED = { width: 720, height: 450 };

/** The rules that ask what colour something is. No other one can tell the dark from the light. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** One line for each rule that is broken, and where. */
async function broken(page: Page, which: "all" | "of colours" | "of all else" = "all"): Promise<string[]> {
  // Its other mode opens a page of its own each time, for frames of other sites; there are none here. What is in order is not described.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  if (which === "of colours") axe.withRules(COLOURS);
  if (which === "of all else") axe.disableRules(COLOURS); // they ask every word what is behind it, and that is the same in any window
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary ?? ""}`));
}

/** What sticks out to the right, outermost first; what scrolls by itself may. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && element !== document.documentElement && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && right > innerWidth + 1 && !scrolls(element.parentElement);
    });
    const found = wide.map((element) => `${element.tagName.toLowerCase()}.${element.className} to ${Math.round(element.getBoundingClientRect().right)}`);
    return document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`, ...found] : found;
  });
}

/** Animations and transitions that move, in the page and in its shadow roots. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    for (const element of document.querySelectorAll("*")) if (element.shadowRoot !== null) roots.push(element.shadowRoot);
    const running = roots.flatMap((root) => root.getAnimations()).filter(({ playState, effect }) => playState === "running" && Number(effect?.getComputedTiming().duration ?? 0) > 10);
    return running.map((one) => (one instanceof CSSAnimation ? one.animationName : one instanceof CSSTransition ? one.transitionProperty : one.id));
  });
}

interface Stop {
  readonly name: string;
  readonly isSeen: boolean;
}

/** Where Tab leads, from the start until it comes round. */
async function tour(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  await page.evaluate(() => {
    if (document.querySelector("[role=dialog], [role=alertdialog]") !== null) return; // its focus is kept inside
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  for (let count = 0; count < 120; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (element === null || element === document.body || !(element instanceof HTMLElement)) return null;
      const isRound = "toured" in element.dataset;
      element.dataset.toured = "";
      // The ring may be drawn by the element itself or by what it fills.
      const places = [element, element.parentElement, element.closest("article"), element.closest("li")].filter((one) => one !== null);
      const isSeen = places.some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || /inset|0px 0px 0px [1-9]/.test(boxShadow);
      });
      return { name: `${element.tagName.toLowerCase()} ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40)}`, isSeen, isRound };
    });
    if (stop === null || stop.isRound) break;
    stops.push({ name: stop.name, isSeen: stop.isSeen });
  }
  return stops;
}

/**
 * Controls that can be seen and used, and that Tab has not led to. One of a group of radio buttons or tabs is enough, and what is
 * only for a mouse (tabindex -1) has a key of its own, which other tests press.
 */
function missed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const dialog = document.querySelector("[role=dialog], [role=alertdialog]");
    const controls = [...(dialog ?? document).querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [tabindex='0']")];
    const groups = "[role=radiogroup], [role=tablist], [role=toolbar] [role=group], [role=group], [role=menu]";
    return controls
      .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert], [aria-hidden=true]"))
      .filter((element) => !(element instanceof HTMLButtonElement || element instanceof HTMLInputElement) || !element.disabled)
      .filter((element) => !(element instanceof HTMLInputElement && element.type === "radio" && document.querySelector(`input[type=radio][name="${CSS.escape(element.name)}"][data-toured]`) !== null))
      .filter((element) => element.tabIndex >= 0 && !("toured" in element.dataset) && (element.closest(groups)?.querySelector("[data-toured]") ?? null) === null)
      .map((element) => `${element.tagName.toLowerCase()} ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40)}`);
  });
}

for (const screen of SCREENS) {
  // One visit for all of it: opening a screen costs more than looking at it.
  test(`${screen.name}: no rule of accessibility is broken, it fits every window, stands still, and is used by keyboard alone`, async ({ visitors }) => {
    const page = await visitors.page(screen.signedOut);
    await screen.open(page, visitors.house);

    await test.step("by keyboard", async () => {
      const stops = await tour(page);
      expect.soft(stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name), "focus that cannot be seen").toEqual([]);
      expect.soft(await missed(page), "controls that Tab does not reach").toEqual([]);
      expect.soft(await page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count(), "an order of its own").toBe(0);
    });
    await test.step("in the light", async () => {
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      expect.soft(await sticksOut(page), "sticks out on a desk").toEqual([]);
      await expect.soft.poll(() => moving(page), "moves, where that is not wanted").toEqual([]);
      expect.soft(await broken(page), "broken in the light").toEqual([]);
    });
    await test.step("in the dark", async () => {
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      // The page hears of it by an event, and chooses its colours then; the bare viewer has no choice.
      await expect(page.locator("html[data-theme=light]")).toHaveCount(0);
      expect.soft(await broken(page, "of colours"), "broken in the dark").toEqual([]);
    });
    await test.step("in narrow windows", async () => {
      await page.setViewportSize(PHONE);
      await expect.soft.poll(() => sticksOut(page), "sticks out on a telephone").toEqual([]);
      expect.soft(await broken(page, "of all else"), "broken on a telephone").toEqual([]);
      await page.setViewportSize(ZOOMED);
      await expect.soft.poll(() => sticksOut(page), "sticks out at 200 %").toEqual([]);
    });
  });
}
