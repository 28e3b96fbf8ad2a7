// A real Chromium that the built extension is loaded into: its parts, its permissions, and the death of its service worker.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, type CDPSession, chromium, type Page } from "@playwright/test";
import { executablePath, sandbox, withoutFeatures } from "../../web/e2e/flags";
import { Popup } from "./popup";
import { Target } from "./target";

const built = process.env.LIVEPANE_EXTENSION ?? fileURLToPath(new URL("../.output/chrome-mv3/", import.meta.url));

interface Manifest {
  permissions: string[];
  optional_permissions?: string[];
  optional_host_permissions?: string[];
  host_permissions?: string[];
}

/** The browser of a run, with the extension loaded twice: as it is shipped, and as it is once somebody has let it read every site. */
export class Chrome {
  private constructor(
    readonly context: BrowserContext,
    private readonly folder: string,
    private readonly browser: CDPSession,
    /** Without any right but activeTab, as after its installation. */
    readonly shipped: Extension,
    /** With the optional right granted: nobody can click at Chromium's question in a browser without a head. */
    readonly allowed: Extension,
  ) {}

  static async start(): Promise<Chrome> {
    if (!existsSync(join(built, "manifest.json"))) throw new Error(`there is no extension in ${built}: run \`make extension\` first`);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "livepane-extension-")));
    const [shipped, allowed] = [join(folder, "shipped"), join(folder, "allowed")];
    cpSync(built, shipped, { recursive: true });
    cpSync(built, allowed, { recursive: true });
    const file = join(allowed, "manifest.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    manifest.host_permissions = manifest.optional_host_permissions ?? [];
    manifest.permissions.push(...(manifest.optional_permissions ?? []));
    delete manifest.optional_host_permissions;
    delete manifest.optional_permissions;
    writeFileSync(file, JSON.stringify(manifest));
    const context = await chromium.launchPersistentContext(join(folder, "profile"), {
      headless: true,
      ...("executablePath" in executablePath ? executablePath : { channel: "chromium" }), // the small browser of Playwright's takes no extensions
      viewport: null,
      args: [
        ...sandbox,
        withoutFeatures("DisableLoadExtensionCommandLineSwitch"),
        `--disable-extensions-except=${shipped},${allowed}`,
        `--load-extension=${shipped},${allowed}`,
        "--enable-unsafe-extension-debugging", // a click at the button in the toolbar can be told by CDP
        "--window-size=1000,800",
      ],
    });
    const running = context.browser();
    if (running === null) throw new Error("the context has no browser");
    const browser = await running.newBrowserCDPSession();
    await developer(context);
    const loaded = [];
    for (const id of [idOf(shipped), idOf(allowed)]) loaded.push(await Extension.in(context, browser, id));
    return new Chrome(context, folder, browser, loaded[0]!, loaded[1]!);
  }

  /** A tab of its own, in front. */
  async open(url: string): Promise<Page> {
    const page = await asSeen(await this.context.newPage());
    await page.goto(url);
    return page;
  }

  /** A tab in a window of its own. */
  async openWindow(url: string): Promise<Page> {
    return asSeen(await openWindow(this.context, this.browser, url));
  }

  /** Begin anew: no tabs, nothing set, nothing remembered. */
  async tidy(): Promise<void> {
    const kept = [this.shipped.inner, this.allowed.inner];
    await Promise.all(this.context.pages().filter((page) => !kept.includes(page)).map((page) => page.close()));
    await Promise.all([this.shipped.forget(), this.allowed.forget()]);
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One loaded extension. */
export class Extension {
  private constructor(
    private readonly context: BrowserContext,
    private readonly browser: CDPSession,
    readonly id: string,
    /** A page of the extension that does nothing, in a window of its own: what is asked there hides no tab and keeps no worker alive. */
    private page: Page,
  ) {}

  get inner(): Page {
    return this.page;
  }

  static async in(context: BrowserContext, browser: CDPSession, id: string): Promise<Extension> {
    return new Extension(context, browser, id, await openWindow(context, browser, `chrome-extension://${id}/manifest.json`));
  }

  url(path: string): string {
    return `chrome-extension://${this.id}/${path}`;
  }

  /** Run something in the service worker that runs now. */
  async inWorker(what: () => void): Promise<void> {
    await (await Target.of(this.browser, "service_worker", this.url(""))).run(`(${what.toString()})()`);
  }

  /** Its page of options. */
  async options(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.url("options.html"));
    return page;
  }

  /** Click at its button in the toolbar while `page` is in front; returns the popup. */
  async popup(page: Page): Promise<Popup> {
    await page.bringToFront();
    await this.browser.send("Extensions.triggerAction", { id: this.id, targetId: await this.tabOf(page) });
    return Popup.at(this.browser, this.url("popup.html"));
  }

  /** What Chromium does to a worker that has had nothing to do for a while: its globals, timers and sockets are gone. */
  async kill(): Promise<void> {
    const session = await this.context.newCDPSession(this.inner);
    const status = new Map<string, string>();
    let changed = (): void => undefined;
    const until = async (happened: () => boolean): Promise<void> => {
      while (!happened()) await new Promise<void>((resolve) => (changed = resolve));
    };
    session.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
      for (const one of versions) if (one.scriptURL.startsWith(this.url(""))) status.set(one.versionId, one.runningStatus);
      changed();
    });
    await session.send("ServiceWorker.enable");
    await until(() => status.size > 0); // it tells of those that there are, a moment later
    for (const versionId of status.keys()) {
      if (status.get(versionId) === "stopped") continue;
      status.delete(versionId);
      await session.send("ServiceWorker.stopWorker", { versionId });
      // One that is wanted again at once is told as starting, and never as stopped; one that had just stopped is not told at all.
      const stopped = until(() => ["stopped", "starting"].includes(status.get(versionId) ?? ""));
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 5_000))]);
    }
    await session.detach();
  }

  /** Run something with the rights of the extension. */
  inside<T, A>(what: (argument: A) => T | Promise<T>, argument: A): Promise<T> {
    return this.inner.evaluate(what as (argument: unknown) => T | Promise<T>, argument);
  }

  /** What stands on its button for a tab. */
  badge(tab: number): Promise<string> {
    return this.inside((tabId) => chrome.action.getBadgeText({ tabId }), tab);
  }

  /** What somebody does at chrome://extensions to an unpacked one. Its own pages are gone then. */
  async reload(): Promise<void> {
    const gone = this.inner.waitForEvent("close");
    await this.inner.evaluate(() => void setTimeout(() => chrome.runtime.reload(), 0));
    await gone;
    await this.find();
  }

  /** A page of it, once it is there again: nothing says when that is. */
  private async find(): Promise<void> {
    this.page = await openWindow(this.context, this.browser, "about:blank");
    while (!(await this.page.goto(this.url("manifest.json")).then(() => true, () => false))) await this.page.waitForTimeout(50);
  }

  /** As if it had been installed now. A worker that still hears of closed tabs writes down what it remembers of the others: then once more. */
  async forget(): Promise<void> {
    for (let left = 1; left > 0; ) {
      await this.inside(async () => {
        await chrome.storage.local.clear();
        await chrome.storage.session.clear();
      }, null);
      await this.kill();
      left = await this.inside(async () => {
        const { shares = {}, numbers = {} } = await chrome.storage.session.get<{ shares?: object; numbers?: object }>(["shares", "numbers"]);
        return Object.keys(shares).length + Object.keys(numbers).length;
      }, null);
    }
  }

  /** What somebody sets at chrome://extensions, "Site access". */
  async letRead(sites: "all" | "none"): Promise<void> {
    await this.atExtensions(
      ([extensionId, hostAccess]) =>
        (chrome as unknown as { developerPrivate: { updateExtensionConfiguration(update: object): Promise<void> } }).developerPrivate.updateExtensionConfiguration({
          extensionId,
          hostAccess,
        }),
      sites === "all" ? "ON_ALL_SITES" : "ON_CLICK",
    );
  }

  /** Switch it on or off at chrome://extensions. Its own pages are gone then. */
  async enable(on: boolean): Promise<void> {
    await this.atExtensions(([id, how]) => (chrome as unknown as { management: { setEnabled(id: string, on: boolean): Promise<void> } }).management.setEnabled(id, how === "on"), on ? "on" : "off");
    if (on) await this.find();
  }

  /** Run something where its user manages extensions. */
  private async atExtensions(what: (argument: readonly [id: string, how: string]) => Promise<void>, how: string): Promise<void> {
    const page = await this.context.newPage();
    try {
      await page.goto("chrome://extensions");
      await page.evaluate(what, [this.id, how] as const);
    } finally {
      await page.close();
    }
  }

  /** Of the tab around a page: another target than the page itself. */
  private async tabOf(page: Page): Promise<string> {
    const { targetInfos } = await this.browser.send("Target.getTargets", { filter: [{ type: "tab" }] });
    const found = targetInfos.find((one) => one.url === page.url());
    if (found === undefined) throw new Error(`no tab shows ${page.url()}`);
    return found.targetId;
  }
}

interface Inside {
  _connection: { toImpl(page: Page): { delegate: { _mainFrameSession: { _client: { send(method: string, parameters: object): Promise<void> } } } } };
}

/** Playwright makes every page believe that it is in front. Only its own session can take that back, and nothing public leads there. */
async function asSeen(page: Page): Promise<Page> {
  const { delegate } = (page as unknown as Inside)._connection.toImpl(page);
  await delegate._mainFrameSession._client.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  return page;
}

async function openWindow(context: BrowserContext, browser: CDPSession, url: string): Promise<Page> {
  const opened = context.waitForEvent("page");
  await browser.send("Target.createTarget", { url, newWindow: true });
  const page = await opened;
  await page.waitForURL(url);
  return page;
}

/** As whoever loads an extension from a folder has set it: without, Chromium switches such a one off when it is loaded again. */
async function developer(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto("chrome://extensions");
  await page.evaluate(() =>
    (chrome as unknown as { developerPrivate: { updateProfileConfiguration(update: object): Promise<void> } }).developerPrivate.updateProfileConfiguration({ inDeveloperMode: true }),
  );
  await page.close();
}

/** How Chromium names an extension that comes from a folder: by the folder. */
function idOf(folder: string): string {
  const digits = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return digits.replace(/./g, (digit) => String.fromCharCode("a".charCodeAt(0) + parseInt(digit, 16)));
}
