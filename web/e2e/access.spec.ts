// Getting in and out: signing in, tokens, share links, and what ends when they do.
import type { Page } from "@playwright/test";
import WebSocket from "ws";
import { expect, expectMoving, paneOf, test } from "./fixtures";
import type { LivepaneServer } from "./server";

const REQUIRED = { LIVEPANE_AUTH: "required" };

async function signInWith(page: Page, token: string): Promise<void> {
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Makes a token on the page of tokens; what its dialog shows once. */
async function makeToken(page: Page, server: LivepaneServer, name: string): Promise<string> {
  await page.goto(`${server.url}/tokens`);
  await page.getByRole("button", { name: "New token" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Make token" }).click();
  const secret = await dialog.getByLabel("Token", { exact: true }).textContent();
  await dialog.getByRole("button", { name: "Done" }).click();
  return secret ?? "";
}

async function revoke(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke it" }).click();
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
}

const asked = (server: LivepaneServer, token: string): Promise<number> =>
  fetch(`${server.url}/api/streams`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);

test.describe("where a token is demanded", () => {
  test.use({ serverEnv: REQUIRED });

  test("a wrong token is said, the right one leads to where one wanted to go, signing out ends it", async ({ page, server }) => {
    await page.goto(`${server.url}/s/producer:alice`);
    await expect(page).toHaveURL(`${server.url}/signin?next=/s/producer:alice`);
    await expect(page.getByText("This server asks for a token.")).toBeVisible();
    await signInWith(page, "not-a-token");
    await expect(page.getByRole("alert")).toContainText("no token of this server");
    await expect(page.getByLabel("Token", { exact: true })).toBeFocused();

    await signInWith(page, ` ${server.token}\n`);
    await expect(page).toHaveURL(`${server.url}/s/producer:alice`);
    await page.getByRole("button", { name: /^Account/ }).click();
    await expect(page.getByRole("menu")).toContainText("admin");
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByText("You are signed out.")).toBeVisible();
    await page.goto(server.url);
    await expect(page).toHaveURL(/\/signin/);
  });

  test("a token can be looked at before it is sent, and an address leads nowhere but into the dashboard", async ({ page, server }) => {
    await page.goto(`${server.url}/signin?next=${encodeURIComponent("https://example.com/")}`);
    const field = page.getByLabel("Token", { exact: true });
    await field.fill(server.token);
    await expect(field).toHaveAttribute("type", "password");
    await page.getByRole("button", { name: "Show the token" }).click();
    await expect(field).toHaveAttribute("type", "text");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(`${server.url}/`);
  });

  test("an old sign-in address says so and keeps no token", async ({ page, server }) => {
    await page.goto(`${server.url}/signin?token=from-last-week`);
    await expect(page.getByText("not valid any more")).toBeVisible();
    expect(page.url()).not.toContain("from-last-week");
  });

  test("a browser whose token is revoked is back at the sign-in page, told why", async ({ page, browser, server }) => {
    await page.goto(server.signIn);
    const token = await makeToken(page, server, "guest");
    const context = await browser.newContext();
    const guest = await context.newPage();
    await guest.goto(`${server.url}/signin`);
    await signInWith(guest, token);
    await expect(guest).toHaveURL(`${server.url}/`);
    await expect(guest.getByText("Connected", { exact: true })).toBeVisible();
    await revoke(page, "guest");
    await expect(guest).toHaveURL(/\/signin\?next=/);
    await expect(guest.getByRole("status")).toContainText(/revoked/);
    await context.close();
  });
});

test.describe("where tokens may be tried twice", () => {
  test.use({ serverEnv: { ...REQUIRED, LIVEPANE_SIGNIN_PER_MINUTE: "2" } });

  test("too many wrong tokens have to wait, and the button counts down", async ({ page, server }) => {
    await page.goto(`${server.url}/signin`);
    for (const guess of ["one", "two"]) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/session") && response.request().method() === "POST");
      await signInWith(page, guess);
      await answered;
      await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
    }
    await signInWith(page, "three");
    await expect(page.getByRole("alert")).toContainText(/Try again in \d+ s/);
    await expect(page.getByRole("button", { name: /^Wait \d+ s$/ })).toBeDisabled();
  });
});

test("a token is made, used from elsewhere and revoked, which closes its socket", async ({ page, server }) => {
  await page.goto(server.signIn);
  const token = await makeToken(page, server, "the shop");
  expect(await asked(server, token)).toBe(200);
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/live?token=${token}`, "livepane.viewer.v1");
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("message", resolve));

  const row = page.getByRole("row").filter({ hasText: "the shop" });
  await expect(row).toContainText("viewer");
  await expect(row).toContainText("active");
  await revoke(page, "the shop");
  expect(await closed).toBe(4401);
  expect(await asked(server, token)).toBe(401);
  await expect(row).toHaveCount(0);
  await page.getByLabel(/^Ended/).check();
  await expect(row).toContainText("revoked");
});

test("a token that is bound to a pattern shows what the pattern names", async ({ page, server, produce }) => {
  await produce({ name: "alice", title: "Alice's screen" });
  const { stream } = await produce({ name: "bob" });
  await page.goto(server.signIn);
  await page.goto(`${server.url}/tokens`);
  await page.getByRole("button", { name: "New token" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("narrow");
  await dialog.getByLabel("By pattern").check();
  const patterns = dialog.getByLabel("Patterns");
  await patterns.fill("producers:alice");
  await expect(dialog).toContainText("“producers:alice” does not name streams");
  await dialog.getByRole("button", { name: "Make token" }).click();
  await expect(dialog.getByRole("alert")).toContainText("producers:alice");
  await patterns.fill("producer:a*");
  await expect(dialog).toContainText("Names 1 now: Alice's screen");
  await dialog.getByRole("button", { name: "Make token" }).click();
  const token = await dialog.getByLabel("Token", { exact: true }).textContent();
  const answer = await fetch(`${server.url}/api/streams`, { headers: { authorization: `Bearer ${token ?? ""}` } });
  const { streams } = (await answer.json()) as { streams: { id: string }[] };
  expect(streams.map(({ id }) => id)).toEqual(["producer:alice"]);
  expect(streams.map(({ id }) => id)).not.toContain(stream);
});

test("a link shows one stream in a browser that knows nothing, until it is revoked", async ({ page, browser, server, produce }) => {
  const { stream } = await produce({ name: "alice", title: "Alice's screen" });
  await page.goto(server.signIn);
  await page.goto(`${server.url}/s/${stream}`);
  await page.getByRole("button", { name: /^Share/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("can watch this one pane");
  await dialog.getByLabel("For whom").fill("the client");
  await dialog.getByRole("button", { name: "Make link" }).click();
  await expect(dialog).toContainText("opens on this machine only");
  const link = (await dialog.getByLabel("Share link").textContent()) ?? "";
  expect(link).toContain(`${server.url}/view/producer:alice#token=`);
  await dialog.getByRole("tab", { name: "Embed" }).click();
  await expect(dialog).toContainText('<live-pane stream="producer:alice"');

  const context = await browser.newContext();
  const guest = await context.newPage();
  await guest.goto(link);
  await expectMoving(paneOf(guest, stream));
  await expect(dialog.getByRole("listitem").filter({ hasText: "the client" })).toBeVisible();
  await dialog.getByRole("button", { name: "Revoke the client" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke it" }).click();
  await expect(guest.getByRole("heading", { name: "This link was revoked" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Make link" })).toBeVisible();
  await context.close();
});

test("somebody who may only watch is told which role is missing", async ({ page, server }) => {
  await page.goto(`${server.url}/tokens`);
  await expect(page.getByText("Seeing and making tokens needs the role admin.")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await signInWith(page, server.token);
  await expect(page).toHaveURL(`${server.url}/tokens`);
  await expect(page.getByRole("button", { name: "New token" }).first()).toBeVisible();
});

test("an operator sees what they have shared, and nothing that others have", async ({ page, server, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const ask = (token: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${server.url}/api/${path}`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify(body) });
  const { token } = (await (await ask(server.token, "tokens", { name: "night shift", roles: ["operator"], expires_in_seconds: 600 })).json()) as { token: string };
  await ask(server.token, "shares", { stream, name: "by the admin" });
  await ask(token, "shares", { stream, name: "the client", uses: 5 });
  await ask(token, "invites", { name: "kiosk" });
  await page.goto(`${server.url}/signin?next=/tokens`);
  await signInWith(page, token);
  await expect(page.getByRole("heading", { name: "Shared by me" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "the client" })).toContainText("0 of 5");
  await expect(page.getByRole("row").filter({ hasText: "kiosk" })).toContainText("Invite");
  await expect(page.getByRole("table")).not.toContainText(/by the admin|night shift/);
  await revoke(page, "the client");
  await expect(page.getByRole("row").filter({ hasText: "the client" })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "kiosk" })).toBeVisible();
});

test("the page of tokens fits a telephone", async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(server.signIn);
  await makeToken(page, server, "a name that is a good deal longer than the width of a telephone allows");
  const isWider = (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const card = page.getByRole("row").filter({ hasText: "a name that" });
  await expect(card).toContainText("active");
  expect(await isWider()).toBe(false);
  const button = card.getByRole("button", { name: /^Revoke/ });
  await expect(button).toBeInViewport();
  await button.click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  expect(await isWider()).toBe(false);
});
