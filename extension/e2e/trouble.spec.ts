// What goes wrong: each thing is said where its user looks, and what can mend itself does.
import { createServer } from "node:http";
import type { Page } from "@playwright/test";
import { WebSocketServer } from "ws";
import { expect, type Sharing, test } from "./fixtures";

const phaseOf = (sharing: Sharing, page: Page) => async () => (await sharing.status(page)).phase;
const reasonOf = (sharing: Sharing, page: Page) => async () => (await sharing.status(page)).reason;

test("a dead service worker is started again by the page that it served, and a reloaded extension leaves the page whole", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("worker", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/moving"));
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(String(error)));
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
  await expect.poll(() => eyes.names()).toContain("tab:worker-1");
  const viewer = eyes.watch("tab:worker-1");
  await viewer.picture(1);
  for (let death = 0; death < 3; death += 1) {
    await chromium.allowed.kill();
    await viewer.picture(viewer.pictures.length + 1);
  }
  expect((await eyes.tabs()).map((one) => one.id).filter((id) => id.startsWith("tab:worker"))).toEqual(["tab:worker-1"]);
  viewer.close();

  // Loaded anew it goes on by itself, and what the one before has left in the page is gone.
  await chromium.allowed.reload();
  const again = eyes.watch("tab:worker-1");
  await again.picture(1);
  again.close();
  const signs = (): Promise<number> => page.locator("livepane-indicator").count();
  await expect.poll(signs).toBe(1);
  await chromium.allowed.enable(false);
  await expect.poll(signs).toBe(0);
  await chromium.allowed.enable(true);
  await expect.poll(signs).toBe(1);
  expect(await page.evaluate(() => Number(document.querySelector("#count")!.textContent) > 0)).toBe(true);
  expect(broken).toEqual([]);
});

test("a server that goes is said, waited for, and sent to again when it is back", async ({ chromium, server, site, eyes, sharing }) => {
  await sharing.automatically("restart", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.names()).toContain("tab:restart-1");
  const before = eyes.watch("tab:restart-1");
  await before.picture(1);

  await server.stop();
  await expect.poll(phaseOf(sharing, page)).toBe("waiting");
  expect(await reasonOf(sharing, page)()).not.toBeNull();
  expect(await chromium.allowed.badge(await sharing.tab(page))).not.toBe("");
  before.close();

  await server.start();
  await expect.poll(() => eyes.tab("Moving")).toMatchObject({ id: "tab:restart-1" });
  const after = eyes.watch("tab:restart-1");
  await after.picture(1);
  await expect.poll(phaseOf(sharing, page)).toBe("live");
  after.close();
});

test("an address without a server, one of something else and one of a server to come are told apart", async ({ chromium, site, sharing, server, other }) => {
  const options = await chromium.allowed.options();
  const said: [string, string][] = [
    [server.url, "Connected: Livepane"],
    [other.url, "Connected: a server that takes single pictures"],
    [site.url("shop", ""), "it is no server that takes pictures of tabs"],
    ["http://127.0.0.1:1", "http://127.0.0.1:1 cannot be reached"],
  ];
  for (const [address, words] of said) {
    await options.getByLabel("Server address").fill(address);
    await options.getByRole("button", { name: "Test connection" }).click();
    await expect(options.locator("#tested")).toContainText(words);
  }
  await options.getByLabel("Server address").fill("ftp://127.0.0.1");
  await options.getByLabel("Server address").press("Tab");
  await expect(options.getByText("An address starts with http:// or https://")).toBeVisible();
  await options.close();

  // A server of another time: it has the routes, and speaks a protocol that this extension does not.
  const http = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" });
    response.end(JSON.stringify({ version: "9.9.9", roles: ["producer"], streams: ["*"] }));
  });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => "livepane.producer.v1" });
  sockets.on("connection", (socket) => {
    socket.send(JSON.stringify({ type: "welcome", protocol: 2, stream: "tab:later-1", now: Date.now(), max_bytes: 1e7, max_pixels: 1e8, window: 2 }));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  await sharing.automatically("later", [`${site.url("shop", "")}/*`], { server: `http://127.0.0.1:${address.port}` });
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(reasonOf(sharing, page)).toContain("version 2 of the protocol");
  sockets.clients.forEach((socket) => socket.terminate());
  http.closeAllConnections();
  http.close();
});

test("a server whose disk is full is asked again, and gets the picture of then", async ({ chromium, site, sharing, other }) => {
  other.status = 503;
  await sharing.automatically("full", [`${site.url("shop", "")}/*`], { server: other.url });
  const page = await chromium.open(site.url("shop", "/still"));
  await expect.poll(reasonOf(sharing, page)).toContain("the disk of the other server is full");
  other.status = 200;
  await expect.poll(() => other.received.length).toBe(1);
  await expect.poll(phaseOf(sharing, page)).toBe("live");
});

test("the code that the dashboard shows pairs the extension, and a revoked token is said", async ({ chromium, server, site, eyes, sharing }) => {
  const pairing = await eyes.json<{ code: string; id: string }>("POST", "/api/pairings");
  const options = await chromium.allowed.options();
  await options.getByLabel("Server address").fill(server.url);
  await options.getByLabel("Pairing code").fill(pairing.code.toLowerCase().replace("-", " "));
  await options.getByRole("button", { name: "Pair", exact: true }).click();
  await expect.poll(async () => (await eyes.json<{ state: string }>("GET", `/api/pairings/${pairing.id}`)).state).toBe("paired");
  await expect.poll(async () => (await sharing.settings()).token, "the answer comes to the extension after the server has given it").not.toBe("");
  const settings = await sharing.settings();
  await options.close();

  await sharing.automatically(settings.name, [`${site.url("shop", "")}/*`], { token: settings.token });
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.tab("Moving")).toMatchObject({ id: `tab:${settings.name}-1` });
  const { tokens } = await eyes.json<{ tokens: { id: string; streams: string[] }[] }>("GET", "/api/tokens");
  const ours = tokens.find((one) => one.streams.some((stream) => stream.startsWith(`tab:${settings.name}`)));
  await eyes.ask("DELETE", `/api/tokens/${ours!.id}`);
  await expect.poll(reasonOf(sharing, page)).toContain("refuses this token");
  expect(await phaseOf(sharing, page)()).toBe("off");
});

test("a right that is taken away stops the sharing and is said; given back, it goes on", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("rights", [`${site.url("shop", "")}/*`]);
  const page = await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.names()).toContain("tab:rights-1");
  expect(await sharing.status(page)).toMatchObject({ everywhere: true, mode: "automatic" });
  await chromium.allowed.letRead("none");
  await page.bringToFront();
  try {
    await expect.poll(async () => (await sharing.status(page)).everywhere).toBe(false);
    await expect.poll(phaseOf(sharing, page)).not.toBe("live");
    await expect.poll(async () => (await eyes.tabs()).filter((one) => one.state === "live")).toEqual([]);
  } finally {
    await chromium.allowed.letRead("all");
  }
  expect(await sharing.ask("share", { tab: await sharing.tab(page), on: true })).toMatchObject({ ok: true });
  await expect.poll(async () => (await sharing.settings()).sites, "a site that was on the list is there once").toHaveLength(1);
  await page.bringToFront();
  await page.reload();
  await expect.poll(() => eyes.names()).toContain("tab:rights-1");
});

test("a tab that is closed while it is captured leaves the queue to the others", async ({ chromium, site, sharing, other }) => {
  await sharing.automatically("closed", [`${site.url("shop", "")}/*`], { server: other.url });
  const left = await chromium.openWindow(site.url("shop", "/moving?stays"));
  for (let count = 0; count < 3; count += 1) {
    const page = await chromium.openWindow(site.url("shop", `/moving?goes=${count}`));
    const tab = await sharing.tab(page);
    const answer = sharing.ask("capture", { tab });
    await page.close();
    expect(typeof (await answer).ok).toBe("boolean");
  }
  const before = other.received.length;
  await expect.poll(() => other.received.slice(before).some((one) => one.url === left.url())).toBe(true);
  expect(await sharing.status(left)).toMatchObject({ phase: "live", reason: null });
});

test("a clock that is an hour off changes no age on the wall", async ({ chromium, site, eyes, sharing }) => {
  await sharing.automatically("clock", [`${site.url("shop", "")}/*`]);
  await sharing.ask("found", { server: "http://127.0.0.1:1", token: "" }); // there is a worker now
  await chromium.allowed.inWorker(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() - 3_600_000;
    Object.defineProperty(performance, "timeOrigin", { value: performance.timeOrigin - 3_600_000 });
  });
  await chromium.open(site.url("shop", "/moving"));
  await expect.poll(() => eyes.names()).toContain("tab:clock-1"); // by its name: a revoked one of the same title waits for its producer
  const viewer = eyes.watch("tab:clock-1");
  await viewer.picture(2);
  const pane = await eyes.pane("tab:clock-1");
  expect(Math.abs(Date.now() - pane!.picture_at!)).toBeLessThan(60_000); // the server is on this machine
  viewer.close();
});
