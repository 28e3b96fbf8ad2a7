// End-to-end tests: the built dashboard, served by the real server, in a real Chromium.
import { defineConfig, devices } from "@playwright/test";
import { executablePath, sandbox, withoutFeatures } from "./e2e/flags";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/forks.ts",
  // Every test has a server of its own and waits for conditions: the limit is only there for a hang.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  workers: 2,
  retries: process.env.CI === undefined ? 0 : 1, // and what passes then is called flaky
  forbidOnly: process.env.CI !== undefined,
  reporter: process.env.CI === undefined ? "list" : "dot", // a line for each of them hides the one that failed
  use: {
    ...devices["Desktop Chrome"],
    // A trace of every test costs a fifth of the whole run; of one that fails: npm --prefix web run e2e -- --trace retain-on-failure
    trace: "off",
    launchOptions: { args: [...sandbox, withoutFeatures()], ...executablePath },
  },
});
