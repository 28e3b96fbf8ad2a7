// End-to-end tests: the built extension in a real Chromium, against the real server.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "../web/e2e/forks.ts",
  // Tests wait for conditions: the limit is only there for a hang.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  // One browser and one server for all of them: each test tidies up after the one before.
  workers: 1,
  retries: process.env.CI === undefined ? 0 : 1, // and what passes then is called flaky
  forbidOnly: process.env.CI !== undefined,
  reporter: process.env.CI === undefined ? "list" : "dot", // a line for each of them hides the one that failed
});
