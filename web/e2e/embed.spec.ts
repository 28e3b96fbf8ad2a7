// <live-pane> in a page that is not ours.
import { expect, expectMoving, paneOf, test } from "./fixtures";
import type { LivePane } from "../src/player/element";

test("one script tag makes a live pane in a foreign page, even under a strict policy of its own", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const host = server.url.replace("http://", "");
  site.pages.set(
    "/embed",
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${server.url}; connect-src ws://${host} ${server.url}">
     <title>Elsewhere</title><script src="${server.url}/live-pane.js" defer></script>
     <h1>My page</h1><live-pane stream="${stream}" fps="5"></live-pane>`,
  );
  await page.goto(`${site.url}/embed`);
  const pane = paneOf(page, stream);
  await expectMoving(pane);
  await expect(pane).toContainText("Live");
  const seen = await pane.evaluate((element) => {
    const { lastFrame, src, size, state, fps } = element as LivePane;
    return { src, size, state, fps, isPaintedAfterCapture: lastFrame !== null && lastFrame.paintedAt >= lastFrame.capturedAt - 50 };
  });
  expect(seen).toMatchObject({ src: `${server.url}/`, size: { width: 640, height: 360 }, state: "live", fps: 5 });
  expect(seen.isPaintedAfterCapture).toBe(true);
});

test("attributes and properties are the same thing, and events tell what happens", async ({ page, server, site, produce }) => {
  const alice = await produce({ name: "alice" });
  const bob = await produce({ name: "bob" });
  site.pages.set("/plain", `<!doctype html><script src="${server.url}/live-pane.js"></script><live-pane></live-pane>`);
  await page.goto(`${site.url}/plain`);
  const pane = page.locator("live-pane");
  await expect(pane).toContainText("No stream named");
  const told = pane.evaluate(
    (element) =>
      new Promise<string[]>((resolve) => {
        const names = new Set<string>();
        for (const name of ["statechange", "frame", "action"]) {
          element.addEventListener(name, () => {
            names.add(name);
            if (names.size === 3) resolve([...names].sort());
          });
        }
      }),
  );
  await pane.evaluate((element, stream) => ((element as LivePane).stream = stream), alice.stream);
  await expect(pane).toHaveAttribute("stream", alice.stream);
  await expectMoving(pane);
  await alice.act("Scrolling");
  expect(await told).toEqual(["action", "frame", "statechange"]);

  await pane.evaluate((element, stream) => element.setAttribute("stream", stream), bob.stream);
  await expect.poll(() => pane.evaluate((element) => (element as LivePane).info?.id)).toBe(bob.stream);
  await expectMoving(pane);
  await expect.poll(() => alice.demand()).toBeNull();
});

test("two panes of one page share one socket", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  site.pages.set(
    "/two",
    `<!doctype html><script src="${server.url}/live-pane.js"></script><live-pane stream="${stream}"></live-pane><live-pane stream="${stream}"></live-pane>`,
  );
  await page.goto(`${site.url}/two`);
  for (const index of [0, 1]) await expectMoving(page.locator("live-pane").nth(index));
  expect(sockets).toHaveLength(1);
});
