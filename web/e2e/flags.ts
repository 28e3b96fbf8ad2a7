// What the Chromium of every test is started with.
import { existsSync } from "node:fs";

const named = process.env.LIVEPANE_BROWSER;
const executable = named ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);
export const executablePath = executable === undefined ? {} : { executablePath: executable };
// Chromium refuses to run as root with its sandbox on.
export const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
// Only the last `--disable-features` counts, so what Playwright would switch off for all of them is said again. The popups of the
// address bar are ours: every context would load them in a process of their own, which costs more than many a test.
const switchedOff = [
  "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
  "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup",
];
export const withoutFeatures = (...more: readonly string[]): string => `--disable-features=${[...switchedOff, ...more].join(",")}`;
