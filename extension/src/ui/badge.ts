// What stands on the button for one tab: in words, so that colours are not needed to read it.
import type { Phase } from "../messages";

interface Look {
  readonly text: string;
  readonly colour: string;
  readonly title: string;
}

const LOOKS: Readonly<Record<Phase, Look>> = {
  live: { text: "live", colour: "#157a4a", title: "Livepane: this tab is shared" },
  waiting: { text: "wait", colour: "#92600a", title: "Livepane: this tab is shared, and waits" },
  off: { text: "off", colour: "#b42318", title: "Livepane: this tab cannot be shared" },
};

export function lookOf(phase: Phase | null, reason: string | null): Look {
  if (phase === null) return { text: "", colour: "#5a6372", title: "Livepane" };
  const look = LOOKS[phase];
  return reason === null ? look : { ...look, title: `${look.title}. ${reason}` };
}

/** `null`: the tab is not shared. A tab that is gone has no badge, and that is fine. */
export function badge(tab: number, phase: Phase | null, reason: string | null): void {
  const look = lookOf(phase, reason);
  const fine = (): void => undefined;
  chrome.action.setBadgeText({ tabId: tab, text: look.text }).catch(fine);
  chrome.action.setTitle({ tabId: tab, title: look.title }).catch(fine);
  if (look.text === "") return;
  chrome.action.setBadgeBackgroundColor({ tabId: tab, color: look.colour }).catch(fine);
  chrome.action.setBadgeTextColor({ tabId: tab, color: "#ffffff" }).catch(fine);
}
