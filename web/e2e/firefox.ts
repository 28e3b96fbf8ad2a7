// A Firefox as the machine has it, driven over WebDriver BiDi: Playwright drives only a Firefox of its own making.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

/** Throws when there is none: what we say about Firefox is said by a Firefox. */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({ browser: "firefox", executablePath: findFirefox(), headless: true });
}

function findFirefox(): string {
  const named = process.env.LIVEPANE_FIREFOX;
  if (named !== undefined) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const program of ["firefox-esr", "firefox"]) {
    const found = folders.map((folder) => join(folder, program)).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error("there is no Firefox on the PATH: install one (Debian: apt-get install firefox-esr) or set LIVEPANE_FIREFOX to its path");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
