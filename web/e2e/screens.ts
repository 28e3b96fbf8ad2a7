// Every screen of the dashboard by name, and the way to it: what holds everywhere is tried on all of them.
import { readFile } from "node:fs/promises";
import { type Browser, expect, type Page } from "@playwright/test";
import { fingerprint, paneOf } from "./fixtures";
import { addJobs, keepFiles, PLUGIN } from "./jobs";
import { Producer } from "./producer";
import { LivepaneServer } from "./server";

const PUBLISHED = "tab:a camera in the yard";
const PICTURE = new URL("../../docs/images/stream.png", import.meta.url);

/** One server with three panes, one layout and one token, and whoever signs in. */
export class House {
  private constructor(
    readonly server: LivepaneServer,
    private readonly producers: readonly Producer[],
    private readonly close: () => Promise<void>,
  ) {}

  static async open(browser: Browser): Promise<House> {
    const server = await LivepaneServer.start(PLUGIN);
    const context = await browser.newContext();
    const names = ["alice", "a-name-that-is-a-good-deal-longer-than-a-tile-or-a-telephone-is-wide"];
    const producers: Producer[] = [];
    for (const name of names) producers.push(await Producer.start(context, `${server.url}/healthz`, server.url, { name, fps: 1 }));
    const house = new House(server, producers, () => context.close());
    await house.ask("PUT", "api/layouts/Reception", { wall: { version: 1, tiles: "large" } });
    await house.ask("POST", "api/tokens", { name: "wall in the hall", roles: ["viewer"], streams: ["producer:*"], expires_in_seconds: 3600 });
    await addJobs(server, "steps", ["https://shop.example/a-target-that-is-a-good-deal-longer-than-a-telephone-is-wide 8"], { loud: true }, { group: "monday" });
    await addJobs(server, "breaks", ["blocked"]);
    await keepFiles(server, "--items 3 --scale 0.3");
    return house;
  }

  async dispose(): Promise<void> {
    await this.close();
    await this.server.dispose();
  }

  /** A picture by a single request, as a cron job or the extension sends it. */
  async publish(): Promise<void> {
    const frame = (await readFile(PICTURE)).toString("base64");
    await this.ask("POST", "publish", { frame, source: PUBLISHED.slice("tab:".length), title: "The yard" });
  }

  get stream(): string {
    return this.producers[0]!.stream;
  }

  async ask(method: string, path: string, body: object): Promise<void> {
    const token = new URL(this.server.signIn).searchParams.get("token") ?? "";
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${this.server.url}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
}

/** "collection/key" of the file that was kept under a title. */
async function kept(house: House, title: string): Promise<string> {
  const { items } = (await (await fetch(`${house.server.url}/api/downloads`)).json()) as { items: { id: string; title: string | null }[] };
  return items.find((one) => one.title === title)!.id;
}

export interface Screen {
  readonly name: string;
  /** Without the cookie of an operator. */
  readonly signedOut?: boolean;
  open(page: Page, house: House): Promise<void>;
}

async function go(page: Page, house: House, path: string): Promise<void> {
  await page.goto(`${house.server.url}/${path}`);
}

async function stream(page: Page, house: House): Promise<void> {
  await go(page, house, `s/${house.stream}`);
  await expect.poll(() => fingerprint(paneOf(page, house.stream))).not.toBeNull();
}

async function wall(page: Page, house: House, path = ""): Promise<void> {
  await house.publish(); // also when the server has forgotten it meanwhile
  await go(page, house, path);
  await expect(page.getByRole("article")).toHaveCount(3);
  await expect.poll(() => fingerprint(paneOf(page, house.stream))).not.toBeNull();
}

async function add(page: Page, house: House, way: string): Promise<void> {
  await go(page, house, "");
  await page.getByRole("button", { name: "Add pane" }).click();
  await page.getByRole("dialog").getByRole("tab", { name: way }).click();
  await expect(page.getByRole("tabpanel")).toBeVisible();
}

export const SCREENS: readonly Screen[] = [
  { name: "the wall", open: (page, house) => wall(page, house) },
  { name: "the wall of somebody who is not signed in", signedOut: true, open: (page, house) => wall(page, house) },
  {
    name: "an arranged wall",
    open: async (page, house) => {
      await wall(page, house);
      await page.getByLabel("Arranged").click();
    },
  },
  { name: "a named layout", open: (page, house) => wall(page, house, "wall/Reception") },
  {
    name: "a wall whose filter matches nothing",
    open: async (page, house) => {
      await wall(page, house);
      await page.getByLabel("Filter panes").fill("nothing is called this");
      await expect(page.getByRole("article")).toHaveCount(0);
    },
  },
  { name: "the page of a stream", open: stream },
  { name: "the page of a stream that is not there", open: (page, house) => go(page, house, "s/page:nobody") },
  ...["Open a URL", "Window or monitor", "Chrome tab", "Another machine", "From code"].map((way) => ({
    name: `the dialog to add a pane, ${way}`,
    open: (page: Page, house: House) => add(page, house, way),
  })),
  {
    name: "the dialog to add a pane, Chrome tab, over a debugging port",
    open: async (page, house) => {
      await add(page, house, "Chrome tab");
      await page.getByLabel("Over a debugging port").check();
      await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "the dialog to add a pane, Chrome tab, waiting for the extension",
    open: async (page, house) => {
      await add(page, house, "Chrome tab");
      await page.getByRole("button", { name: "Make a code" }).click();
      await expect(page.getByRole("group", { name: "Code" })).toHaveText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    },
  },
  {
    name: "the page of a stream that single requests feed",
    open: async (page, house) => {
      await house.publish();
      await go(page, house, `s/${encodeURIComponent(PUBLISHED)}`);
      await expect(page.getByRole("region", { name: "State" })).toContainText("Last update");
    },
  },
  {
    name: "the dialog to share a pane",
    open: async (page, house) => {
      await stream(page, house);
      await page.getByRole("button", { name: "Share" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "the keys of the page",
    open: async (page, house) => {
      await wall(page, house);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "the queue of jobs",
    open: async (page, house) => {
      await go(page, house, "jobs");
      await expect(page.getByRole("listitem")).toHaveCount(2);
      await expect(page.getByText("8 items")).toBeVisible();
    },
  },
  {
    name: "the dialog for a new job",
    open: async (page, house) => {
      await go(page, house, "jobs");
      await page.getByRole("button", { name: "New job" }).first().click();
      await expect(page.getByRole("dialog").getByLabel("Targets")).toBeFocused();
    },
  },
  {
    name: "a job that has results",
    open: async (page, house) => {
      await go(page, house, "jobs/1");
      await expect(page.getByText("Succeeded", { exact: true })).toBeVisible();
      await page.getByRole("button", { name: "Details of result 1" }).click();
    },
  },
  {
    name: "a job that failed, its log",
    open: async (page, house) => {
      await go(page, house, "jobs/2");
      await expect(page.getByText("Failed", { exact: true }).first()).toBeVisible();
      await page.getByRole("tab", { name: "Log" }).click();
    },
  },
  {
    name: "the page to scrape",
    open: async (page, house) => {
      await go(page, house, "scrape");
      await page.getByLabel("Companies", { exact: true }).fill("acme.example localhost acme.example");
    },
  },
  {
    name: "the dialog for a new download",
    open: async (page, house) => {
      await go(page, house, "downloads");
      await page.getByRole("button", { name: "New download" }).click();
      await expect(page.getByRole("dialog").getByRole("radiogroup", { name: "Recipe" })).toBeVisible();
    },
  },
  {
    name: "the downloads, some of them chosen",
    open: async (page, house) => {
      await go(page, house, "downloads");
      await page.getByRole("checkbox", { name: "Choose Quarry 3" }).click();
      await expect(page.getByRole("toolbar", { name: "Chosen files" })).toBeVisible();
    },
  },
  {
    name: "a download, large",
    open: async (page, house) => {
      await go(page, house, `downloads?open=${await kept(house, "Three times")}`);
      await expect(page.getByRole("dialog").getByText("Version 3")).toBeVisible();
    },
  },
  ...["slider", "difference"].map((mode) => ({
    name: `two versions compared, ${mode}`,
    open: async (page: Page, house: House) => {
      const id = await kept(house, "Three times");
      await go(page, house, `compare?left=download:${id}@1&right=download:${id}@3&mode=${mode}`);
      await expect(page.getByRole("region", { name: "Both pictures" }).getByRole("status")).toContainText(/% ?similar/);
    },
  })),
  {
    name: "a comparison that lacks a picture",
    open: async (page, house) => {
      await go(page, house, `compare?left=download:${await kept(house, "Heather 1")}&right=kept:nothing`);
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "the settings",
    open: async (page, house) => {
      await go(page, house, "settings");
      await page.getByLabel("Quality").fill("5");
      await expect(page.getByText("From 10 to 100.")).toBeVisible();
    },
  },
  {
    name: "the settings of somebody who is not signed in",
    signedOut: true,
    open: async (page, house) => {
      await go(page, house, "settings");
      await expect(page.getByText("Changing settings needs the role operator.")).toBeVisible();
    },
  },
  {
    name: "the page of tokens",
    open: async (page, house) => {
      await go(page, house, "tokens");
      await expect(page.getByText("wall in the hall")).toBeVisible();
    },
  },
  {
    name: "the dialog for a new token",
    open: async (page, house) => {
      await go(page, house, "tokens");
      await page.getByRole("button", { name: "New token" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "the sign-in page",
    signedOut: true,
    open: async (page, house) => {
      await go(page, house, "signin");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  },
  {
    name: "the bare viewer",
    signedOut: true,
    open: async (page, house) => {
      await go(page, house, `view/${house.stream}`);
      await expect.poll(() => fingerprint(paneOf(page, house.stream))).not.toBeNull();
    },
  },
];
