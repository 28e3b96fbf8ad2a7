// Sites that share themselves: which do, when they pause, and what a page must not notice.
import { expect, test } from "./fixtures";
import { isBlue, isDark, until, type Point } from "./picture";
import { AT } from "./site";

test("a site of the list is shared from its load and followed where it goes; another site never is", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("list", [`${site.url("shop", "")}/*`]);
  const foreign = await chromium.openWindow(site.url("bank", "/moving"));
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.tab("Moving")).toMatchObject({ id: "tab:list-1", url: site.url("shop", "/moving") });
  const viewer = eyes.watch("tab:list-1");
  await viewer.picture(2);

  await page.goto(site.url("shop", "/next"));
  await expect.poll(() => eyes.tab("Next")).toMatchObject({ id: "tab:list-1", url: site.url("shop", "/next") });
  await viewer.picture();

  await page.goto(site.url("bank", "/still"));
  await expect.poll(async () => (await sharing.status(page)).mode).toBeNull();
  await expect.poll(() => eyes.pane("tab:list-1")).toBeUndefined();
  expect(await sharing.status(foreign)).toMatchObject({ mode: null, phase: "off", site: null });
  viewer.close();
});

test("nothing is captured while nobody watches, and the first viewer gets a picture of now", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("demand", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.tab("Moving")).toBeTruthy();
  await expect.poll(async () => (await sharing.status(page)).reason).toBe("Nobody is watching");
  const viewer = eyes.watch("tab:demand-1");
  await viewer.picture(0);
  await expect.poll(async () => (await sharing.status(page)).phase).toBe("live");
  viewer.close();
  await expect.poll(async () => (await sharing.status(page)).reason).toBe("Nobody is watching");
});

test("two windows share one queue, a page that stands still is sent once, and a tab in the background waits", async ({ chromium, site, other, sharing }) => {
  // A server that says nothing of demand: it gets every picture that is due.
  await sharing.automatically("queue", [`${site.url("shop", "")}/*`], { server: other.url });
  const [left, right] = [site.url("shop", "/moving?left"), site.url("shop", "/moving?right")];
  const still = site.url("shop", "/still");
  const of = (url: string): number => other.received.filter((one) => one.url === url).length;
  const page = await chromium.openWindow(left);
  await chromium.openWindow(right);
  const quiet = await chromium.openWindow(still);

  // Each waits for its turn, and none is refused for the rate.
  await expect.poll(() => Math.min(of(left), of(right))).toBeGreaterThan(2);
  await expect.poll(() => of(still)).toBeGreaterThan(0);
  expect(new Set(other.received.map((one) => one.source))).toEqual(new Set(["queue-1", "queue-2", "queue-3"]));
  expect(await sharing.status(page)).toMatchObject({ phase: "live", reason: null });
  expect(await sharing.status(quiet)).toMatchObject({ phase: "live", reason: null });

  // Its indicator may have come after the first picture; from then on there is nothing to send.
  const settled = of(still);
  const before = of(right);
  await expect.poll(() => of(right)).toBeGreaterThan(before + 2);
  expect(of(still)).toBe(settled);
  await quiet.close();

  // Another tab in front of the left one: the left one waits, the right one goes on.
  await page.bringToFront();
  await page.evaluate(() => void window.open("about:blank", "_blank"));
  await expect.poll(async () => (await sharing.status(page)).reason).toBe("The tab is in the background");
  const [paused, going] = [of(left), of(right)];
  await expect.poll(() => of(right)).toBeGreaterThan(going + 2);
  expect(of(left)).toBe(paused);

  await page.bringToFront();
  await expect.poll(() => of(left)).toBeGreaterThan(paused + 1);
});

test("what is secret is painted over before a picture leaves the browser, in frames too, and nothing in the page has changed", async ({ chromium, site, eyes, sharing }) => {
  const pattern = `${site.url("shop", "")}/*`;
  await sharing.automatically("masked", [], { sites: [{ pattern, interval: null, masks: ["#card"] }] });
  const page = await chromium.open(site.url("shop", "/form"));
  await expect.poll(() => eyes.tab("Form")).toBeTruthy();
  const viewer = eyes.watch("tab:masked-1");
  const secrets: Point[] = [AT.password, AT.card, AT.framedPassword];
  const seen = (points: readonly Point[], good: (colours: readonly (readonly number[])[]) => boolean): Promise<void> => until(chromium.allowed.inner, viewer, secrets, points, good);
  // The frame of another site is looked into: its password is covered, and what is beside it is not.
  await seen([AT.open, AT.framedOpen], (colours) => colours.every(isBlue));
  await expect.poll(async () => (await eyes.pane("tab:masked-1"))?.masked).toBe(true);

  // A field that a script shows later, in a later picture.
  const late = [250, 430] as const;
  secrets.push(late);
  await page.evaluate(() => {
    const field = document.createElement("input");
    Object.assign(field, { type: "password", className: "box", value: "battery staple" });
    field.style.top = "400px";
    document.body.append(field);
  });
  await seen([late, AT.framedOpen], ([field, beside]) => isDark(field!) && isBlue(beside!));

  // A frame where a page can hide one: in a closed shadow tree, with a document that has no address of its own.
  const hidden = [550, 430] as const;
  secrets.push(hidden);
  await page.evaluate(() => {
    const host = document.createElement("div");
    const frame = document.createElement("iframe");
    frame.style.cssText = "position:absolute;left:500px;top:400px;width:300px;height:60px;border:0";
    frame.src = "data:text/html,<input type=password style='position:fixed;inset:0;width:140px;height:100%;background:red'><body style='background:blue'>";
    host.attachShadow({ mode: "closed" }).append(frame);
    document.body.append(host);
  });
  await seen([hidden, [750, 430], AT.framedOpen], ([field, around, beside]) => isDark(field!) && isBlue(around!) && isBlue(beside!));

  // A frame that Chrome lets nobody into: it is covered as a whole, and so is every other that might be it.
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.style.cssText = "position:absolute;left:500px;top:500px;width:300px;height:60px;border:0";
    frame.src = "http://127.0.0.1:1/";
    document.body.append(frame);
  });
  await seen([[550, 530], AT.framedOpen, AT.open], ([frame, beside, open]) => isDark(frame!) && isDark(beside!) && isBlue(open!));

  expect(await page.evaluate(() => [...document.querySelectorAll("input")].map((field) => [field.value, field.className]))).toEqual([
    ["correct horse", "box"],
    ["battery staple", "box"],
  ]);
  viewer.close();
});

test("while a tab is shared its page says so, in a way that the page can neither see nor take away", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("sign", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/still"));
  await expect.poll(() => eyes.tab("Still")).toBeTruthy();
  const sign = (): Promise<string[]> => page.evaluate(() => [...document.documentElement.children].map((one) => one.tagName).filter((name) => !["HEAD", "BODY"].includes(name)));
  await expect.poll(sign).toHaveLength(1);
  expect(await page.evaluate(() => [...document.documentElement.children].map((one) => one.shadowRoot))).toEqual([null, null, null]);
  await page.evaluate(() => document.documentElement.lastElementChild!.remove());
  await expect.poll(sign).toHaveLength(1);

  await sharing.set({ automatic: false });
  await expect.poll(sign).toEqual([]);
});
