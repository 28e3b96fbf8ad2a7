// What every test gets: one browser with the extension, one real server, one site, for the whole run; each test begins with nothing shared.
import { test as base, expect, type Page } from "@playwright/test";
import { LivepaneServer } from "../../web/e2e/server";
import type { Questions, Status } from "../src/messages";
import type { Settings } from "../src/settings/settings";
import { Chrome, type Extension } from "./chrome";
import { Eyes } from "./eyes";
import { OtherServer } from "./other-server";
import { Site } from "./site";

interface Shared {
  chromium: Chrome;
  server: LivepaneServer;
  site: Site;
}

interface Each {
  /** What the real server has. */
  eyes: Eyes;
  /** A server that takes pictures and is not ours. */
  other: OtherServer;
  /** The extension with the right to read every site, sending to the real server unless told otherwise. */
  sharing: Sharing;
  tidy: undefined;
}

export const test = base.extend<Each, Shared>({
  chromium: [
    async ({}, use) => {
      const chromium = await Chrome.start();
      await use(chromium);
      await chromium.close();
    },
    { scope: "worker" },
  ],
  server: [
    async ({}, use) => {
      const server = await LivepaneServer.start();
      await use(server);
      await server.dispose();
    },
    { scope: "worker" },
  ],
  site: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  eyes: async ({ server }, use) => {
    await use(new Eyes(server));
  },
  other: async ({}, use) => {
    const other = await OtherServer.start();
    await use(other);
    await other.close();
  },
  sharing: async ({ chromium, server }, use) => {
    await use(new Sharing(chromium.allowed, server.url));
  },
  tidy: [
    async ({ chromium }, use) => {
      await use(undefined);
      await chromium.tidy();
    },
    { auto: true },
  ],
});

export { expect };

/** How a test tells the extension what to do, and asks it how it goes. */
export class Sharing {
  private readonly tabs = new WeakMap<Page, number>();

  constructor(
    private readonly extension: Extension,
    private readonly server: string,
  ) {}

  /** Share these sites by themselves. The names of streams start with `name`, which a test uses once. */
  async automatically(name: string, patterns: readonly string[], more: Partial<Settings> = {}): Promise<void> {
    const sites = patterns.map((pattern) => ({ pattern, interval: null, masks: [] }));
    await this.set({ server: this.server, name, automatic: true, interval: 0.5, sites, ...more });
  }

  async set(settings: Partial<Settings>): Promise<void> {
    await this.extension.inside((some) => chrome.storage.local.set({ settings: some }), settings);
  }

  async settings(): Promise<Settings> {
    return this.extension.inside(async () => (await chrome.storage.local.get("settings")).settings as Settings, null);
  }

  /** Ask the worker as the popup does; Chromium starts it when it is dead. */
  async ask<K extends keyof Questions>(type: K, about: Questions[K]["ask"]): Promise<Questions[K]["answer"]> {
    return this.extension.inside((question) => chrome.runtime.sendMessage<typeof question, Questions[K]["answer"]>(question), { to: "worker", type, ...about });
  }

  /** The number that Chromium has for a tab. It stays, also when the extension may not see any more what the tab shows. */
  async tab(page: Page): Promise<number> {
    const known = this.tabs.get(page);
    if (known !== undefined) return known;
    const found = await this.extension.inside(async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id, page.url());
    if (found === undefined) throw new Error(`no tab shows ${page.url()}`);
    this.tabs.set(page, found);
    return found;
  }

  async status(page: Page): Promise<Status> {
    return this.ask("status", { tab: await this.tab(page) });
  }
}
