// Unit tests of what needs no browser.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  resolve: { alias: { "@web": path("../web/src"), "@": path("src") } },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 90_000, hookTimeout: 90_000 },
});
