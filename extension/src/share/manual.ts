// "Capture now": one picture of the tab whose button was pressed. Needs no right but that press.
import { takeInTurn } from "../capture/camera";
import type { Shot } from "../capture/picture";
import type { Outcome } from "../messages";
import { failureOf } from "../send/failure";
import { publish } from "../send/publish";
import { restriction } from "../sites/restricted";
import type { Sharing } from "./sharing";

/** A page that moves while it is captured gets another chance, and then one more. */
const ATTEMPTS = 3;

export async function captureNow(sharing: Sharing, tabId: number): Promise<Outcome> {
  const tab = await chrome.tabs.get(tabId).catch(() => null);
  if (tab === null) return { ok: false, text: "The tab was closed" };
  const no = restriction(tab.url);
  if (no !== null) return { ok: false, text: no };
  // Its covers are on for the stream, and one picture more would take them off.
  if (sharing.memory.share(tabId)?.mode === "continuous") return { ok: false, text: "This tab is streamed already" };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const wish = { tab: tabId, quality: sharing.settings.quality, masks: sharing.masksFor(tab.url), indicated: false };
    const taken = await takeInTurn(sharing.queue, () => wish, sharing.movements);
    switch (taken?.kind) {
      case "shot":
        return await send(sharing, tab, taken.shot);
      case "hidden":
        return { ok: false, text: "The tab is not in front, so Chrome cannot capture it" };
      case "failed":
        return { ok: false, text: taken.reason };
      case "moved":
      case undefined: // an automatic capture of the same tab took its place
        break;
    }
  }
  return { ok: false, text: "The page kept changing while it was captured. Try again when it has settled." };
}

async function send(sharing: Sharing, tab: chrome.tabs.Tab, shot: Shot): Promise<Outcome> {
  const described = { title: tab.title ?? "", url: tab.url ?? "", masked: shot.masked };
  try {
    const line = sharing.lines.get(tab.id!);
    if (line === null) await publish(sharing.settings, shot, { ...described, source: sharing.source(tab.id!), every: null });
    else {
      line.describe(described);
      if (!(await line.send(shot))) return { ok: true, text: "A newer picture took its place" };
    }
  } catch (error) {
    return { ok: false, text: failureOf(error).message };
  }
  return { ok: true, text: shot.masked ? "Captured, with parts painted over" : "Captured" };
}
