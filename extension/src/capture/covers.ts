// Has the page paint over what must not be in a picture, in all of its frames, and says whether that is certain.
import type { Covered, CoverWish, Uncovered } from "../page/page";
import { needsWhole, wrongIn } from "./reach";

/** What `globalThis.livepanePage` becomes in a page; injected where it is missing. */
const SCRIPT = "page.js";
const ANSWER_WITHIN_MS = 3_000;

export type Cover = { readonly ok: true; readonly count: number } | { readonly ok: false; readonly reason: string };

/** Puts our script into a page. Throws what Chrome says when it may not. */
export async function inject(tab: number, frames: "all" | "top"): Promise<void> {
  await chrome.scripting.executeScript({ target: { tabId: tab, allFrames: frames === "all" }, files: [SCRIPT], injectImmediately: true });
}

/** The page says that it is shared, and begins to ask. */
export async function startSharing(tab: number): Promise<void> {
  await within(inject(tab, "top"));
  await within(chrome.scripting.executeScript({ target: { tabId: tab }, injectImmediately: true, func: () => void globalThis.livepanePage?.share() }));
}

/** Something has changed that the page should know soon, such as that it is not shared any more. */
export function nudge(tab: number): void {
  chrome.scripting
    .executeScript({ target: { tabId: tab }, injectImmediately: true, func: () => globalThis.livepanePage?.nudge() })
    .catch(() => undefined); // it is gone, or not ours to touch any more: then its metronome finds out
}

/** Cover, and wait until that is painted. `everywhere`: whether we may look into frames of other sites. */
export async function cover(tab: number, wish: Omit<CoverWish, "whole">, everywhere: boolean): Promise<Cover> {
  try {
    // Without access to all sites, Chrome keeps us out of frames of other sites: they are covered whole.
    let answers = await inFrames(tab, { ...wish, whole: everywhere ? null : true });
    const whole = !everywhere || needsWhole(answers);
    if (answers.some((one) => one.whole !== whole)) answers = await inFrames(tab, { ...wish, whole });
    const wrong = wrongIn(answers, whole);
    if (wrong !== null) return { ok: false, reason: wrong };
    return { ok: true, count: answers.reduce((sum, one) => sum + one.count, 0) };
  } catch (error) {
    return { ok: false, reason: saidBy(error) };
  }
}

/** Take the covers off. False when something that had to be covered may not have been, so that the picture must not be used. */
export async function uncover(tab: number, token: number): Promise<boolean> {
  try {
    const results = await within(
      chrome.scripting.executeScript({
        target: { tabId: tab, allFrames: true },
        args: [token],
        injectImmediately: true,
        func: (said: number): Uncovered => globalThis.livepanePage?.uncover(said) ?? { held: false },
      }),
    );
    return results.length > 0 && results.every((one) => one.result?.held === true);
  } catch {
    return false;
  }
}

/** The answers of all frames that we come into, that of the page itself first. */
async function inFrames(tab: number, wish: CoverWish): Promise<Covered[]> {
  const run = async (): Promise<(Covered | null)[]> => {
    const results = await within(
      chrome.scripting.executeScript({
        target: { tabId: tab, allFrames: true },
        args: [wish],
        injectImmediately: true,
        func: async (said: CoverWish): Promise<Covered | null> => {
          const page = globalThis.livepanePage;
          return page === undefined ? null : await page.cover(said);
        },
      }),
    );
    return results.map((one) => one.result ?? null);
  };
  let covered = await run();
  if (covered.some((one) => one === null)) {
    await inject(tab, "all");
    covered = await run();
  }
  if (covered[0] === undefined || covered[0] === null) throw new Error("This page does not answer");
  return covered.filter((one) => one !== null); // who is missing is missed when they are counted
}

/** A page that is stopped in a debugger, or that loops, must not stop all other tabs. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("This page does not answer; it is busy, or stopped in a debugger")), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What Chrome says, in words for a person. */
export function saidBy(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/Cannot access (a )?(contents|chrome)|The extensions gallery|must request permission|activeTab/i.test(said)) {
    return "Chrome does not let this extension into this page. Press its button again on the page, or allow all sites in the options.";
  }
  if (/No tab with id|Frame with ID|was removed|No frame|tab was closed/i.test(said)) return "The page has gone";
  if (/showing error page/i.test(said)) return "The page could not be loaded, so there is nothing to share";
  return said;
}
