// The service worker: it is started by an event, remembers what it has to know, and hands the event over.
import { defineBackground } from "wxt/utils/define-background";
import type { Question, Questions } from "../messages";
import { failureOf } from "../send/failure";
import { codeOf, find, pair } from "../send/server";
import { change, load, onChange as onSettings } from "../settings/store";
import { Casting } from "../share/casting";
import { captureNow } from "../share/manual";
import { Memory } from "../share/memory";
import { Sharing } from "../share/sharing";
import { statusOf } from "../share/status";
import { matches, ownPattern } from "../sites/patterns";
import { onChange as onPermissions, onStreams } from "../sites/permissions";

interface Core {
  readonly sharing: Sharing;
  readonly casting: Casting;
}

async function wake(): Promise<Core> {
  // Pages cannot read what lies there: the token, and what is shared.
  void chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
  const [memory, settings] = await Promise.all([Memory.recall(), load()]);
  const sharing = new Sharing(memory, settings);
  const casting = new Casting(sharing);
  await casting.recover();
  if (!memory.begun) void sharing.lookAround().then(() => memory.begin());
  return { sharing, casting };
}

type Answer<K extends keyof Questions> = Questions[K]["answer"] | Promise<Questions[K]["answer"]>;

function answer(core: Core, question: Question, from: chrome.runtime.MessageSender): Answer<keyof Questions> {
  const { sharing, casting } = core;
  switch (question.type) {
    case "tick":
      return sharing.tick(from.tab?.id ?? -1, question.visible);
    case "status":
      return statusOf(sharing, question.tab);
    case "capture":
      return captureNow(sharing, question.tab);
    case "share":
      return share(core, question.tab, question.on);
    case "continuous":
      return question.on ? casting.start(question.tab) : casting.stop(question.tab, "it was stopped").then(() => ({ ok: true, text: "Stopped" }));
    case "found":
      return find(question);
    case "pair":
      return paired(core, question.server, question.code);
    case "cover":
      return casting.cover(question);
    case "casting":
      return casting.told(question);
  }
}

/** Put the site of a tab on the list, or take it off. The permission is asked for by whoever was clicked. */
async function share({ sharing }: Core, tabId: number, on: boolean): Promise<Questions["share"]["answer"]> {
  const { url } = await chrome.tabs.get(tabId);
  const pattern = url === undefined ? null : ownPattern(url);
  if (url === undefined || pattern === null) return { ok: false, text: "This page cannot be shared" };
  const { sites: all } = sharing.settings;
  const others = all.filter((site) => !matches(site.pattern, url));
  const known = others.length < all.length; // it was put there before Chrome was asked, and Chrome was told no
  const sites = on ? (known ? all : [...all, { pattern, interval: null, masks: [] }]) : others;
  await sharing.changed(await change(on ? { sites, automatic: true } : { sites }));
  return { ok: true, text: on ? "This site is shared from now on" : "This site is not shared any more" };
}

async function paired({ sharing }: Core, server: string, typed: string): Promise<Questions["pair"]["answer"]> {
  const code = codeOf(typed);
  if (code === null) return { ok: false, text: "A pairing code has eight letters or digits, such as ABCD-EFGH" };
  try {
    const token = await pair(server, code, sharing.settings.name);
    await sharing.changed(await change({ server, token }));
    return { ok: true, text: `Paired as ${sharing.settings.name}` };
  } catch (error) {
    return { ok: false, text: failureOf(error).message };
  }
}

export default defineBackground({
  main() {
    const core = wake();
    const withCore = (what: (core: Core) => unknown): void => {
      core.then(what).catch((error: unknown) => console.error("livepane:", error));
    };

    chrome.runtime.onMessage.addListener((message: { to?: string }, from, respond) => {
      if (message.to !== "worker" || from.id !== chrome.runtime.id) return false;
      const question = message as Question;
      // A page may ask about itself, and nothing else.
      if (from.tab !== undefined && question.type !== "tick" && !(from.url ?? "").startsWith(chrome.runtime.getURL(""))) return false;
      core
        .then((ready) => answer(ready, question, from))
        .then(respond, (error: unknown) => {
          console.error("livepane:", error);
          respond(null);
        });
      return true;
    });

    chrome.tabs.onUpdated.addListener((tabId, change, tab) => {
      if (change.status === undefined && change.url === undefined && change.title === undefined) return;
      withCore(async ({ sharing, casting }) => {
        const fresh = change.url !== undefined || change.status === "loading";
        if (fresh) sharing.movements.navigated(tabId);
        await casting.visited(tab, fresh);
        await sharing.visit(tab);
      });
    });
    chrome.tabs.onActivated.addListener(({ tabId, windowId }) => {
      withCore(async ({ sharing, casting }) => {
        sharing.movements.activated(windowId);
        await casting.activated(windowId, tabId);
      });
    });
    chrome.tabs.onAttached.addListener((tabId, { newWindowId }) => {
      withCore(async ({ sharing }) => {
        sharing.movements.activated(newWindowId);
        await sharing.visit(await chrome.tabs.get(tabId));
      });
    });
    chrome.tabs.onRemoved.addListener((tabId) => {
      withCore(async ({ sharing, casting }) => {
        if (sharing.memory.share(tabId)?.mode === "continuous") await casting.stop(tabId, "the tab was closed");
        sharing.closed(tabId);
      });
    });

    onPermissions(() => withCore(({ sharing }) => sharing.lookAround()));
    onStreams(() => chrome.runtime.reload());
    onSettings((settings) => {
      withCore(async ({ sharing, casting }) => {
        const { server, token, name } = sharing.settings;
        const elsewhere = server !== settings.server || token !== settings.token || name !== settings.name;
        if (elsewhere) await casting.stopAll("its producer sends elsewhere");
        await sharing.changed(settings);
      });
    });
    // Heard so that there is a worker at all: each one looks around when nobody has done so before.
    chrome.runtime.onStartup.addListener(() => undefined);
    chrome.runtime.onInstalled.addListener(() => undefined);
  },
});
