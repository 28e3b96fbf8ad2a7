// A tab as a stream: as fast as somebody watches, and as careful as single pictures are.
import { expect, test } from "./fixtures";
import { isBlue, isDark, type Point, until } from "./picture";
import { AT } from "./site";

test("a tab is streamed while somebody watches, survives its worker, follows a navigation and shows no password", async ({ chromium, site, eyes, sharing, server }) => {
  await sharing.set({ server: server.url, name: "stream" });
  const page = await chromium.open(site.url("shop", "/moving"));
  const popup = await chromium.allowed.popup(page);
  await expect.poll(() => popup.text()).toContain("Not shared");
  await popup.press("Stream this tab");
  await expect.poll(() => eyes.tab("Moving")).toMatchObject({ id: "tab:stream-1" });
  await expect.poll(async () => (await sharing.status(page)).reason).toBe("Nobody is watching");
  expect((await eyes.pane("tab:stream-1"))?.picture_at ?? null).toBeNull();

  const viewer = eyes.watch("tab:stream-1");
  await viewer.picture(5);
  expect(await sharing.status(page)).toMatchObject({ mode: "continuous", phase: "live", reason: null });
  await chromium.allowed.kill();
  await viewer.picture(viewer.pictures.length + 30); // longer than the covers stay on without a worker

  await page.goto(site.url("shop", "/form"));
  await expect.poll(() => eyes.tab("Form")).toMatchObject({ id: "tab:stream-1" });
  const secrets: Point[] = [AT.password, AT.framedPassword];
  await until(chromium.allowed.inner, viewer, secrets, [AT.password, AT.open], ([field, open]) => isDark(field!) && isBlue(open!));
  await expect.poll(async () => (await eyes.pane("tab:stream-1"))?.masked).toBe(true);

  // A field that comes into a closed shadow tree which was there before, and one in a tree that is attached late: no change of the document says so.
  for (const [top, attached] of [[400, "before"], [500, "late"]] as const) {
    const at = [250, top + 30] as const;
    secrets.push(at);
    const appear = async ([top, attached]: readonly [number, string]): Promise<void> => {
      const host = document.createElement("div");
      const root = attached === "before" ? host.attachShadow({ mode: "closed" }) : null;
      document.body.append(host);
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      const field = document.createElement("input");
      Object.assign(field, { type: "password", value: "in the dark" });
      field.style.cssText = `position:absolute;left:100px;top:${top}px;width:300px;height:60px;border:0;background:#f00;color:#f00`;
      (root ?? host.attachShadow({ mode: "closed" })).append(field);
    };
    await page.evaluate(appear, [top, attached] as const);
    await until(chromium.allowed.inner, viewer, secrets, [at], ([field]) => isDark(field!));
  }

  // Nobody looks any more: the page goes on, and nothing of it arrives.
  viewer.close();
  await expect.poll(async () => (await sharing.status(page)).reason).toBe("Nobody is watching");
  const last = (await eyes.pane("tab:stream-1"))?.picture_at;
  await page.goto(site.url("shop", "/moving"));
  await expect.poll(async () => (await eyes.pane("tab:stream-1"))?.title).toBe("Moving");
  await expect(page.locator("#count")).toHaveText(/^\d\d/); // ten changes later
  expect((await eyes.pane("tab:stream-1"))?.picture_at).toBe(last);

  await sharing.ask("continuous", { tab: await sharing.tab(page), on: false });
  await expect.poll(async () => (await sharing.status(page)).mode).toBeNull();
  await expect.poll(() => eyes.pane("tab:stream-1")).toBeUndefined();
});
