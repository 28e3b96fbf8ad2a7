// The dashboard and the bare viewer.
import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const server = process.env.LIVEPANE_URL ?? "http://127.0.0.1:8000";
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Addresses are relative to <base href>, which the server sets to the path that it is mounted on.
  base: "./",
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "live-pane" } } })],
  resolve: { alias: { "@": path("src") } },
  build: {
    target: "es2022",
    // The content security policy allows scripts, styles and fonts from our own files only: nothing inline, no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [path("index.html"), path("view.html")] },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: server, ws: true }, "/healthz": server, "/live-pane.js": server } },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 90_000, hookTimeout: 90_000 },
});
