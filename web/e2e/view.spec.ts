// The bare viewer: share links that are opened once, end, and say so.
import type { Page } from "@playwright/test";
import { expect, expectMoving, paneOf, stateOf, test } from "./fixtures";
import type { LivepaneServer } from "./server";

interface Share {
  readonly token: string;
  readonly url: string;
  readonly info: { readonly id: string };
}

async function ask<T>(server: LivepaneServer, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${server.url}/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (response.status === 204 ? null : await response.json()) as T;
}

const share = (server: LivepaneServer, stream: string, wish: object = {}): Promise<Share> => ask(server, "POST", "shares", { stream, ...wish });

/** Addresses that the page has used, sockets too. */
function addresses(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => seen.push(request.url()));
  page.on("websocket", (socket) => seen.push(socket.url()));
  return seen;
}

test("a share link shows its stream, leaves no secret in any address, and tells how long it works", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const { url, token } = await share(server, stream, { expires_in_seconds: 3600 });
  const seen = addresses(page);
  await page.goto(url);
  await expectMoving(paneOf(page, stream));
  await expect(page).toHaveURL(`${server.url}/view/${stream}`);
  await expect(page.getByText(/^Link works for (59 min|1 h)$/)).toBeVisible();
  expect(seen.filter((address) => address.includes(token) && !address.includes("#"))).toEqual([]);
  expect(seen.some((address) => /\/api\/live\?ticket=/.test(address))).toBe(true);
});

test("a link that may be opened once survives a reload and a restart of the server, and opens nowhere else", async ({ page, browser, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const { url } = await share(server, stream, { uses: 1 });
  await page.goto(url);
  await expectMoving(paneOf(page, stream));
  await page.reload();
  await expectMoving(paneOf(page, stream));
  await server.stop();
  await expect(page.getByRole("status")).toContainText("Disconnected");
  await server.start();
  await expectMoving(paneOf(page, stream));

  const other = await (await browser.newContext()).newPage();
  await other.goto(url);
  await expect(other.getByRole("heading")).toHaveText("This link is used up");
  await expect(other.locator("live-pane")).toHaveCount(0);
  await other.context().close();
});

test("a revoked link ends at once, with a word, and is not tried again", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const { url, info } = await share(server, stream);
  await page.goto(url);
  await expectMoving(paneOf(page, stream));
  await ask(server, "DELETE", `shares/${info.id}`);
  await expect(page.getByRole("heading")).toHaveText("This link was revoked");
  await expect(page.getByRole("alert")).toContainText("revoked.");
  const seen = addresses(page);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  expect(seen).toEqual([]);
  await page.goto(url);
  await expect(page.getByRole("heading")).toHaveText("This link was revoked");
});

test("an expired link says that it has expired", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const { token } = await ask<{ token: string }>(server, "POST", "tokens", { roles: ["viewer"], streams: [stream], expires_in_seconds: 4 });
  await page.goto(`${server.url}/view/${stream}#token=${token}`);
  await expect(page.getByRole("heading")).toHaveText("This link has expired");
});

test("a link for one stream does not show another", async ({ page, server, produce }) => {
  const alice = await produce({ name: "alice" });
  const bob = await produce({ name: "bob" });
  const { token } = await share(server, alice.stream);
  await page.goto(`${server.url}/view/${bob.stream}#token=${token}`);
  await expect.poll(() => stateOf(paneOf(page, bob.stream))).toMatch(/missing|refused/);
  expect(await paneOf(page, bob.stream).evaluate((element) => element.shadowRoot!.querySelector("canvas")!.hidden)).toBe(true);
});

test("a token in the query and no token at all work as before", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const seen = addresses(page);
  await page.goto(`${server.url}/view/alice?token=${server.token}`);
  await expectMoving(paneOf(page, stream));
  expect(seen.filter((address) => address.startsWith("ws") && address.includes("token="))).toEqual([]);
  await page.goto(`${server.url}/view/alice?token=null`);
  await expectMoving(paneOf(page, stream));
});
