// The worker's side of the continuous mode: it lets a tab be streamed, and keeps its covers on; the offscreen document does the rest.
import { cover, uncover } from "../capture/covers";
import { order, type Outcome, type Phase, type Questions } from "../messages";
import { failureOf } from "../send/failure";
import { find } from "../send/server";
import { siteOf } from "../sites/patterns";
import { everywhere, streams } from "../sites/permissions";
import { restriction } from "../sites/restricted";
import { usable } from "./lines";
import type { Sharing } from "./sharing";

/** Renewed every two seconds; pictures stop two seconds before the covers leave. */
const LEASE_MS = 6_000;
/** One for each tab: the covers of a stream are put on once and renewed. */
const TOKEN = 2e9;
const PAGE = "offscreen.html";

export class Casting {
  private starting: Promise<void> | null = null;

  constructor(private readonly sharing: Sharing) {}

  /** Streams that we remember and that nobody sends any more: Chrome has ended the offscreen document. */
  async recover(): Promise<void> {
    const remembered = this.sharing.memory.shares.filter((share) => share.mode === "continuous");
    if (remembered.length === 0) return;
    const running = (await chrome.offscreen.hasDocument()) ? ((await order("casts", {}))?.tabs ?? []) : [];
    for (const share of remembered) if (!running.includes(share.tab)) this.sharing.stop(share.tab, "its stream has ended");
  }

  /** Only after a press on our button in this very tab: Chrome gives a stream of no other. */
  async start(tabId: number): Promise<Outcome> {
    const { sharing } = this;
    const tab = await chrome.tabs.get(tabId).catch(() => null);
    if (tab === null) return { ok: false, text: "The tab was closed" };
    const no = restriction(tab.url);
    if (no !== null) return { ok: false, text: no };
    if (!(await streams())) return { ok: false, text: "Chrome has not been allowed to stream tabs" };
    try {
      const found = usable(await find(sharing.settings));
      if (found.kind !== "livepane") return { ok: false, text: "Continuous pictures need a Livepane server; this one takes single pictures." };
      sharing.stop(tabId, "it goes on as a stream");
      // Before anything waits for long: the press of the button is good for a short time only.
      const streamId = await chrome.tabCapture.getMediaStreamId({ targetTabId: tabId });
      await this.document();
      const share = sharing.share(sharing.begun(tab, siteOf(sharing.settings.sites, tab.url), "continuous"));
      await sharing.mark(tabId);
      const { server, token, fps, quality } = sharing.settings;
      const { title, url } = share;
      const [width, height] = [tab.width ?? 1280, tab.height ?? 720];
      const cast = { tab: tabId, streamId, server, token, name: sharing.source(tabId), title, url, fps, quality, width, height };
      const outcome = await order("start", cast);
      if (outcome?.ok !== true) await this.ended(tabId, outcome?.text ?? "the offscreen document does not answer");
      return outcome ?? { ok: false, text: "Chrome has not started the page that streams" };
    } catch (error) {
      await this.ended(tabId, "it could not be streamed");
      const { message } = failureOf(error);
      const pressed = !message.includes("has not been invoked");
      return { ok: false, text: pressed ? message : "Chrome streams a tab only after a press on this extension's button in it. Open the page in a new tab, and press it there." };
    }
  }

  async stop(tab: number, reason: string): Promise<void> {
    if (await chrome.offscreen.hasDocument()) await order("stop", { tab, reason });
    await this.ended(tab, reason);
  }

  async stopAll(reason: string): Promise<void> {
    for (const share of this.sharing.memory.shares) if (share.mode === "continuous") await this.stop(share.tab, reason);
  }

  /** The tab shows another page (`fresh`), or has another title: it says so there, and its masks are those of that page. */
  async visited(tab: chrome.tabs.Tab, fresh: boolean): Promise<void> {
    const share = tab.id === undefined ? null : this.sharing.memory.share(tab.id);
    if (share?.mode !== "continuous") return;
    // First of all: what was painted over is gone with the page before.
    const begun = this.sharing.begun(tab, siteOf(this.sharing.settings.sites, tab.url), "continuous");
    await order("describe", { tab: share.tab, title: begun.title, url: begun.url, fresh });
    this.sharing.share(begun);
    if (restriction(tab.url) === null) await this.sharing.mark(share.tab);
  }

  /** Which tab of a window is in front: a tab that is streamed draws in the background, too, and is not shown then. */
  async activated(window: number, front: number): Promise<void> {
    for (const share of this.sharing.memory.shares) {
      if (share.mode !== "continuous" || share.window !== window) continue;
      await order("visible", { tab: share.tab, visible: share.tab === front });
    }
  }

  async cover({ tab, on }: Questions["cover"]["ask"]): Promise<Questions["cover"]["answer"]> {
    const share = this.sharing.memory.share(tab);
    if (share === null) return { covered: false, masked: false, reason: "This tab is not shared any more" };
    if (!on) {
      await uncover(tab, TOKEN + tab);
      return { covered: false, masked: false, reason: null };
    }
    const covered = await cover(tab, { token: TOKEN + tab, selectors: share.masks, lease: LEASE_MS, indicated: true }, await everywhere());
    if (covered.ok) return { covered: true, masked: covered.count > 0, reason: null };
    await this.sharing.mark(tab).catch(() => undefined); // a page that was reloaded has lost what we put there
    return { covered: false, masked: false, reason: covered.reason };
  }

  async told({ tab, phase, reason, ended, sent }: { tab: number; phase: Phase; reason: string | null; ended: boolean; sent: boolean }): Promise<null> {
    const share = this.sharing.memory.share(tab);
    if (share?.mode !== "continuous") return null;
    if (ended) await this.ended(tab, reason ?? "its stream has ended");
    else this.sharing.keep({ ...share, phase, reason, sentAt: sent ? Date.now() : share.sentAt });
    return null;
  }

  private async ended(tabId: number, reason: string): Promise<void> {
    this.sharing.stop(tabId, reason);
    const left = this.sharing.memory.shares.some((share) => share.mode === "continuous");
    // It may have closed meanwhile: two tabs can end at the same time.
    if (!left && (await chrome.offscreen.hasDocument())) await chrome.offscreen.closeDocument().catch(() => undefined);
    const tab = await chrome.tabs.get(tabId).catch(() => null);
    if (tab !== null) await this.sharing.visit(tab); // a site of the list goes on as one
  }

  private async document(): Promise<void> {
    if (await chrome.offscreen.hasDocument()) return;
    this.starting ??= chrome.offscreen
      .createDocument({
        url: PAGE,
        reasons: [chrome.offscreen.Reason.USER_MEDIA],
        justification: "Turns the stream of a tab that its user shares into pictures.",
      })
      .finally(() => (this.starting = null));
    await this.starting;
  }
}
