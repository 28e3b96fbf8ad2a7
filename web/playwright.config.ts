// End-to-end tests: the built dashboard, served by the real server, in a real Chromium.
import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

const named = process.env.LIVEPANE_BROWSER;
const executable = named ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);
// Chromium refuses to run as root with its sandbox on.
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // Every test has a server of its own and waits for conditions: the limit is only there for a hang.
  timeout: 90_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    trace: "retain-on-failure",
    launchOptions: { args: isRoot ? ["--no-sandbox"] : [], ...(executable === undefined ? {} : { executablePath: executable }) },
  },
});
