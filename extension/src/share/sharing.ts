// Shared tabs, from the page that begins until it is left: which are, when each is captured, and what becomes of its pictures.
import { Movements, type Taken, takeInTurn, type Wish } from "../capture/camera";
import { nudge, saidBy, startSharing } from "../capture/covers";
import { digestOf, type Shot } from "../capture/picture";
import { CaptureQueue } from "../capture/queue";
import type { Beat, Demand } from "../messages";
import { pauseAfter } from "../send/backoff";
import { Failure, failureOf } from "../send/failure";
import type { Line } from "../send/line";
import type { Settings, Site } from "../settings/settings";
import { siteOf } from "../sites/patterns";
import { everywhere } from "../sites/permissions";
import { restriction } from "../sites/restricted";
import { badge } from "../ui/badge";
import { Lines } from "./lines";
import type { Memory } from "./memory";
import { numbered, sourceOf, without } from "./numbers";
import { HIDDEN, IDLE_MS, pauseLeft, plan } from "./plan";
import { begin, type Begun, failed, FIRST, forgotten, sent, type Share, waits } from "./share";

/** After a page that could not be captured, and after one that moved while it was. */
const FAILED_MS = 2_000;
const MOVED_MS = 150;
/** A page that waits for something of ours asks again soon. */
const SOON_MS = 500;

export class Sharing {
  readonly queue = new CaptureQueue();
  readonly movements = new Movements();
  readonly lines: Lines;
  /** Tabs whose picture is on its way: one at a time, so that a slow server slows the captures and nothing else. */
  private readonly busy = new Set<number>();

  constructor(
    readonly memory: Memory,
    public settings: Settings,
  ) {
    this.lines = new Lines({
      demand: (tab, demand) => this.wanted(tab, demand),
      ended: (tab, failure) => this.stumble(tab, failure),
      found: (found) => (this.memory.found = found === null ? null : { server: this.settings.server, found }),
    });
  }

  // --- which tabs ---------------------------------------------------------------------------------

  /** Look at every tab: the settings or the permissions have changed, or we have just begun. One that does not answer stops no other. */
  async lookAround(): Promise<void> {
    const tabs = await chrome.tabs.query({});
    for (const one of await Promise.allSettled(tabs.map((tab) => this.visit(tab)))) {
      if (one.status === "rejected") console.error("livepane:", one.reason);
    }
  }

  /** A tab shows another page, or other settings apply to it. */
  async visit(tab: chrome.tabs.Tab): Promise<void> {
    if (tab.id === undefined) return;
    const share = this.memory.share(tab.id);
    if (share?.mode === "continuous") return;
    const site = await this.siteFor(tab);
    if (site === null) {
      if (share !== null) this.stop(tab.id, "its page is not shared");
      return;
    }
    this.share(this.begun(tab, site, "automatic"));
    await this.mark(tab.id);
  }

  /** Share a page, or go on with what it has become. */
  share(begun: Begun): Share {
    const before = this.memory.share(begun.tab);
    const share = before?.mode === begun.mode ? { ...before, ...begun } : begin(begun);
    this.memory.numbers = numbered(this.memory.numbers, begun.tab);
    this.keep(share);
    this.lines.get(begun.tab)?.describe(share);
    return share;
  }

  /** Have the page say that it is shared; from then on it asks by itself when it is to be captured. */
  async mark(tab: number): Promise<void> {
    try {
      await startSharing(tab);
    } catch (error) {
      const share = this.memory.share(tab);
      if (share !== null) this.keep(failed(share, saidBy(error), false, FAILED_MS, Date.now()));
    }
  }

  stop(tab: number, reason: string): void {
    this.queue.drop(tab);
    this.lines.close(tab, reason);
    if (this.memory.share(tab) === null) return;
    this.memory.forget(tab);
    badge(tab, null, null);
    nudge(tab);
  }

  closed(tab: number): void {
    this.queue.drop(tab);
    this.lines.close(tab, "the tab was closed");
    this.memory.forget(tab);
    this.memory.numbers = without(this.memory.numbers, tab);
    this.movements.forget(tab);
  }

  async changed(settings: Settings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    if (before.server !== settings.server || before.token !== settings.token || before.name !== settings.name) {
      this.lines.closeAll("its producer sends elsewhere");
      this.memory.found = null;
      for (const share of this.memory.shares) this.keep({ ...forgotten(share), failures: 0, retryAt: 0 });
    }
    await this.lookAround();
    for (const share of this.memory.shares) nudge(share.tab);
  }

  source(tab: number): string {
    this.memory.numbers = numbered(this.memory.numbers, tab);
    return sourceOf(this.settings.name, this.memory.numbers[tab]!);
  }

  /** What is painted over on a page, besides password fields. */
  masksFor(url: string | undefined): readonly string[] {
    return [...this.settings.masks, ...(siteOf(this.settings.sites, url)?.masks ?? [])];
  }

  begun(tab: chrome.tabs.Tab, site: Site | null, mode: Share["mode"]): Begun {
    return {
      tab: tab.id!,
      window: tab.windowId,
      mode,
      title: tab.title ?? tab.url ?? "",
      url: tab.url ?? "",
      interval: site?.interval ?? this.settings.interval,
      masks: this.masksFor(tab.url),
    };
  }

  private async siteFor(tab: chrome.tabs.Tab): Promise<Site | null> {
    if (!this.settings.automatic || tab.incognito || restriction(tab.url) !== null) return null;
    const site = siteOf(this.settings.sites, tab.url);
    return site !== null && (await everywhere()) ? site : null;
  }

  // --- when ---------------------------------------------------------------------------------------

  /** A page asks what is to be done about it. */
  tick(tab: number, visible: boolean): Beat {
    let share = this.memory.share(tab);
    if (share === null) return { shared: false, phase: "off", reason: null, wait: 0 };
    if (share.mode === "continuous") return { shared: true, phase: share.phase, reason: share.reason, wait: IDLE_MS };
    if (share.visible !== visible) {
      share = { ...share, visible };
      if (!visible) this.lines.get(tab)?.hidden(HIDDEN);
      this.keep(share);
    }
    const wait = this.pulse(tab);
    share = this.memory.share(tab) ?? share;
    return { shared: true, phase: share.phase, reason: share.reason, wait };
  }

  /** Capture a tab if that is due; ms until it is to be asked about again. */
  private pulse(tab: number): number {
    const share = this.memory.share(tab);
    if (share === null) return IDLE_MS;
    const line = this.lines.get(tab);
    const next = plan(share, line?.demand, Date.now());
    if (next.do === "wait") {
      if (line === null && share.visible && pauseLeft(share, Date.now()) === 0) void this.connect(share);
      if (next.reason !== null && next.reason !== share.reason) this.keep(share.phase === "off" ? share : waits(share, next.reason));
      return next.ms;
    }
    if (this.busy.has(tab)) return SOON_MS;
    this.keep({ ...share, askedAt: Date.now() });
    void this.capture(tab);
    return next.period;
  }

  private async connect(share: Share): Promise<void> {
    const { tab } = share;
    const known = this.memory.found?.server === this.settings.server ? this.memory.found.found : null;
    const ends = { source: this.source(tab), described: share, every: share.interval * 1000 };
    try {
      await this.lines.of(tab, this.settings, ends, known);
    } catch (error) {
      this.stumble(tab, failureOf(error));
      return;
    }
    const now = this.memory.share(tab);
    if (now === null) {
      this.lines.close(tab);
      return;
    }
    this.keep({ ...waits(forgotten(now), FIRST), failures: 0, retryAt: 0 });
    this.pulse(tab);
  }

  private wanted(tab: number, demand: Demand): void {
    const share = this.memory.share(tab);
    if (share === null) return;
    // Who looks next sees a picture, even if it is the one that was seen last.
    if (demand === null) this.keep(forgotten(share));
    else this.keep({ ...share, askedAt: share.digest === null ? 0 : share.askedAt });
    this.pulse(tab);
    nudge(tab); // it was told to ask again in some seconds
  }

  // --- one picture --------------------------------------------------------------------------------

  private async capture(tab: number): Promise<void> {
    this.busy.add(tab);
    try {
      const wish = (): Wish | null => {
        const share = this.memory.share(tab);
        return share === null ? null : { tab, quality: this.settings.quality, masks: share.masks, indicated: true };
      };
      const taken = await takeInTurn(this.queue, wish, this.movements);
      if (taken !== null) await this.deliver(tab, taken);
    } catch (error) {
      this.stumble(tab, failureOf(error));
    } finally {
      this.busy.delete(tab);
    }
  }

  private async deliver(tab: number, taken: Taken): Promise<void> {
    const share = this.memory.share(tab);
    if (share === null) return;
    switch (taken.kind) {
      case "shot":
        await this.send(share, taken.shot);
        break;
      case "hidden":
        this.lines.get(tab)?.hidden(HIDDEN);
        this.keep(waits(share, HIDDEN));
        break;
      case "moved":
        setTimeout(() => this.again(tab), MOVED_MS);
        break;
      case "failed":
        if (taken.denied && !(await everywhere())) this.stop(tab, "Chrome does not let the extension into its page any more");
        else this.keep(failed(share, taken.reason, false, FAILED_MS, Date.now()));
        break;
    }
  }

  private async send(share: Share, shot: Shot): Promise<void> {
    const line: Line | null = this.lines.get(share.tab);
    if (line === null) return; // it was lost meanwhile, which is said already
    const digest = await digestOf(shot.bytes);
    if (digest === share.digest) line.live();
    else {
      line.describe({ ...share, masked: shot.masked });
      if (!(await line.send(shot))) return;
    }
    const now = this.memory.share(share.tab);
    if (now !== null) this.keep(sent(now, digest, shot.masked, Date.now()));
  }

  private again(tab: number): void {
    const share = this.memory.share(tab);
    if (share === null) return;
    this.keep({ ...share, askedAt: 0 });
    this.pulse(tab);
  }

  private stumble(tab: number, failure: Failure): void {
    const share = this.memory.share(tab);
    if (share === null) return;
    const pause = pauseAfter(share.failures + 1, failure);
    this.keep(failed(forgotten(share), failure.message, failure.why === "refused", pause, Date.now()));
    nudge(tab);
  }

  keep(share: Share): void {
    const before = this.memory.share(share.tab);
    this.memory.keep(share);
    if (before?.phase !== share.phase || before.reason !== share.reason) badge(share.tab, share.phase, share.reason);
  }
}
