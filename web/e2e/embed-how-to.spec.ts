// docs/howto/embed-a-pane.md, snippet by snippet, in a real browser on a page of another site.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { build, type PluginOption } from "vite";
import config from "../playwright.config";
import { expect, expectMoving, test } from "./fixtures";
import { snippet } from "./how-to";
import { LivepaneServer } from "./server";

const PAGE = "howto/embed-a-pane.md";
const web = fileURLToPath(new URL("../", import.meta.url));
const installed = fileURLToPath(new URL("../../src/livepane/web/", import.meta.url));

/** What a project with these files is after its build: one script. */
async function bundle(files: Record<string, string>, plugins: PluginOption[] = []): Promise<string> {
  // Inside web/, where the packages are found, and where nobody looks for what we have written.
  mkdirSync(join(web, "test-results"), { recursive: true });
  const folder = mkdtempSync(join(web, "test-results", "page-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await build({
      root: folder, configFile: false, logLevel: "error", plugins,
      define: { "process.env.NODE_ENV": '"production"' },
      build: { outDir: "out", lib: { entry: join(folder, "main.tsx"), formats: ["iife"], name: "page", fileName: () => "page.js" } },
    });
    return readFileSync(join(folder, "out/page.js"), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A token of any page, for one stream. */
async function bound(server: LivepaneServer, stream: string): Promise<string> {
  const response = await fetch(`${server.url}/api/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify({ roles: ["viewer"], streams: [stream], expires_in_seconds: 600 }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { token: string }).token;
}

/** The same site under a name that is not loopback's to a browser or a server: a stranger. */
const strange = (url: string): string => url.replace("127.0.0.1", "elsewhere.test");
const launch = config.use?.launchOptions ?? {};
test.use({ launchOptions: { ...launch, args: [...(launch.args ?? []), "--host-resolver-rules=MAP elsewhere.test 127.0.0.1"] } });

test("plain HTML", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  site.pages.set("/plain", `<!doctype html>${snippet(PAGE, "plain", { server: server.url, stream })}`);
  await page.goto(`${site.url}/plain`);
  await expectMoving(page.locator("live-pane"));
});

test("React", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const real = { server: server.url, stream };
  const script = await bundle({
    "LivePane.tsx": snippet(PAGE, "react", real),
    "main.tsx": `import React, { useState } from "react"; import { createRoot } from "react-dom/client"; import { LivePane } from "./LivePane";
      function Page() { const [state, setState] = useState(""); return React.createElement("div", null, [<div key="a">${snippet(PAGE, "react-use", real)}</div>, <output key="b">{state}</output>]); }
      createRoot(document.getElementById("root")!).render(<Page />);`,
  });
  site.pages.set("/react", `<!doctype html><div id="root"></div><script>${script.replaceAll("</script", "<\\/script")}</script>`);
  await page.goto(`${site.url}/react`);
  await expectMoving(page.locator("live-pane"));
  await expect(page.locator("output")).toHaveText("live");
});

test("Vue", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const real = { server: server.url, stream };
  expect(snippet(PAGE, "vue-config", real)).toContain('isCustomElement: (tag) => tag === "live-pane"');
  const script = await bundle(
    {
      "Pane.vue": snippet(PAGE, "vue", real),
      "main.tsx": `import { createApp } from "vue"; import Pane from "./Pane.vue"; createApp(Pane, ${JSON.stringify(real)}).mount("#root");`,
    },
    [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "live-pane" } } })],
  );
  site.pages.set("/vue", `<!doctype html><div id="root"></div><script>${script.replaceAll("</script", "<\\/script")}</script>`);
  await page.goto(`${site.url}/vue`);
  await expectMoving(page.locator("live-pane"));
  await expect(page.getByText("live", { exact: true })).toBeVisible();
});

test("Motion JPEG in an image", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  site.pages.set("/image", `<!doctype html>${snippet(PAGE, "image", { server: server.url, stream })}`);
  await page.goto(`${site.url}/image`);
  await expect.poll(() => page.locator("img").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(640);
});

test("a script on another web server, with a token, on a page of a stranger", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const token = await bound(server, stream);
  site.pages.set("/live-pane.js", readFileSync(join(installed, "live-pane.js"), "utf8"));
  site.pages.set("/static", `<!doctype html>${snippet(PAGE, "static", { server: server.url, stream, token })}`);
  site.pages.set("/without", `<!doctype html>${snippet(PAGE, "static", { server: server.url, stream }).replace(' token="TOKEN"', "")}`);
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await page.goto(strange(`${site.url}/static`));
  await expectMoving(page.locator("live-pane"));
  expect(sockets.filter((address) => address.includes(token))).toEqual([]);
  await page.goto(strange(`${site.url}/without`));
  await expect(page.locator("live-pane")).toContainText("Connection lost");
});

test("the whole viewer on another web server", async ({ page, server, site, produce }) => {
  const { stream } = await produce({ name: "alice" });
  const token = await bound(server, stream);
  const html = readFileSync(join(installed, "view.html"), "utf8").replace(/<base [^>]*>/, snippet(PAGE, "viewer", { server: server.url, stream }));
  site.pages.set(`/view.html?stream=${stream}`, html);
  site.pages.set(`/view.html?stream=${stream}&server=https://evil.example`, html);
  for (const name of readdirSync(join(installed, "assets"))) {
    if (/\.(js|css)$/.test(name)) site.pages.set(`/assets/${name}`, readFileSync(join(installed, "assets", name), "utf8"));
  }
  await page.goto(strange(`${site.url}/view.html?stream=${stream}#token=${token}`));
  await expectMoving(page.locator("live-pane"));
  await expect(page.getByRole("status")).toHaveText("Connected");
  await page.goto(strange(`${site.url}/view.html?stream=${stream}&server=https://evil.example#token=${token}`));
  await expect(page.getByRole("alert")).toContainText("This page does not show streams of https://evil.example.");
});

test("the viewer in a frame of a stranger, which the server allows by name", async ({ page, site }) => {
  const server = await LivepaneServer.start({ LIVEPANE_FRAME_ANCESTORS: strange(site.url) });
  try {
    const token = await bound(server, "producer:alice");
    site.pages.set("/frame", `<!doctype html>${snippet(PAGE, "frame", { server: server.url, stream: "producer:alice", token })}`);
    await page.goto(strange(`${site.url}/frame`));
    await expect(page.frameLocator("iframe").getByRole("status")).toHaveText("Connected");
  } finally {
    await server.dispose();
  }
});
