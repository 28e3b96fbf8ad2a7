// What the extension is made of, and all that it may do.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "wxt";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const version = /__version__ = "([^"]+)"/.exec(readFileSync(path("../src/livepane/__init__.py"), "utf8"))?.[1] ?? "0.0.0";

export default defineConfig({
  srcDir: "src",
  imports: false,
  alias: { "@web": path("../web/src") },
  manifestVersion: 3,
  manifest: {
    name: "Livepane",
    short_name: "Livepane",
    description: "Show a tab as a live pane on your own Livepane server.",
    // Chrome takes numbers and dots only: 0.2.0rc1 is 0.2.0, and says its full name beside it.
    version: /^[\d.]*\d/.exec(version)?.[0] ?? "0.0.0",
    version_name: version,
    minimum_chrome_version: "120",
    icons: { 16: "icon/16.png", 32: "icon/32.png", 48: "icon/48.png", 128: "icon/128.png" },
    action: { default_title: "Livepane" },
    // None of these is worth a warning at installation. `activeTab`: the tab whose button was pressed, until it goes elsewhere.
    permissions: ["activeTab", "offscreen", "scripting", "storage"],
    // Asked for when it is switched on: automatic mode captures pages that nobody clicked, continuous mode is a stream of a tab.
    optional_permissions: ["tabCapture"],
    optional_host_permissions: ["<all_urls>"],
    incognito: "not_allowed",
    content_security_policy: {
      // Pictures and words go to the server of the user's choice, which may be anywhere; scripts come from here alone.
      extension_pages: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; connect-src http: https: ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  },
  vite: () => ({ build: { target: "chrome120", modulePreload: { polyfill: false }, assetsInlineLimit: 0 } }),
});
