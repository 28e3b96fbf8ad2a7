// What the popup says of a tab.
import type { Status } from "../messages";
import { siteOf } from "../sites/patterns";
import { everywhere } from "../sites/permissions";
import { restriction } from "../sites/restricted";
import { numbered, sourceOf } from "./numbers";
import type { Sharing } from "./sharing";

export async function statusOf(sharing: Sharing, tabId: number): Promise<Status> {
  const tab = await chrome.tabs.get(tabId).catch(() => null);
  const share = sharing.memory.share(tabId);
  const { server, automatic, sites } = sharing.settings;
  const [allowed, no] = [await everywhere(), tab === null ? "The tab was closed." : restriction(tab.url)];
  const site = siteOf(sites, tab?.url)?.pattern ?? null;
  return {
    server,
    automatic,
    everywhere: allowed,
    restriction: no,
    site,
    mode: share?.mode ?? null,
    phase: share?.phase ?? "off",
    reason: share !== null ? share.reason : automatic && site !== null && !allowed ? "Chrome does not let the extension into all sites, so this one is not shared. Switch it on to be asked again." : null,
    stream: `tab:${sourceOf(sharing.settings.name, numbered(sharing.memory.numbers, tabId)[tabId]!)}`,
    sentAt: share?.sentAt ?? null,
  };
}
