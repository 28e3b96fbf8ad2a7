// The popup: how the tab in front is doing, and what can be done about it.
import { ask, type Outcome, type Status } from "../../messages";
import { load } from "../../settings/store";
import { siteOf } from "../../sites/patterns";
import { askEverywhere, askStreams, streams } from "../../sites/permissions";
import { part } from "../../ui/part";
import { followSystem } from "../../ui/theme";
import { everyOf, saidOf } from "../../ui/words";

const REFRESH_MS = 500;

const capture = part("capture", HTMLButtonElement);
const share = part("share", HTMLInputElement);
const stream = part("stream", HTMLInputElement);
const said = part("said", HTMLParagraphElement);
const restriction = part("restriction", HTMLParagraphElement);
const dot = part("dot", HTMLSpanElement);
const state = part("state", HTMLSpanElement);
const reason = part("reason", HTMLParagraphElement);
const dashboard = part("dashboard", HTMLAnchorElement);
/** While something is under way, what is shown must not jump back to what was before. */
let busy = false;

function say(outcome: Outcome | null): void {
  said.textContent = outcome?.text ?? "The extension does not answer; open this again";
  said.className = `message ${outcome?.ok === true ? "good" : "bad"}`;
}

function show(status: Status): void {
  const { tone, ...words } = saidOf(status, Date.now());
  dot.dataset.tone = tone;
  state.textContent = words.state;
  reason.textContent = words.reason ?? "";
  reason.hidden = words.reason === null;
  restriction.textContent = status.restriction ?? "";
  restriction.hidden = status.restriction === null;
  dashboard.href = status.server;
  part("stream-name", HTMLSpanElement).textContent = status.stream;
  if (busy) return;
  for (const control of [capture, share, stream]) control.disabled = status.restriction !== null;
  share.checked = status.automatic && status.site !== null && status.everywhere;
  stream.checked = status.mode === "continuous";
}

async function refresh(tab: number): Promise<void> {
  const status = await ask("status", { tab });
  if (status !== null) show(status);
}

/** Do something for the user; `asked`: what Chrome had to be asked for first, in the same click. */
async function act(tab: number, asked: Promise<boolean> | null, refused: string, what: () => Promise<Outcome | null>): Promise<void> {
  setBusy(true);
  said.textContent = "";
  try {
    say(asked === null || (await asked) ? await what() : { ok: false, text: refused });
  } catch (error) {
    say({ ok: false, text: error instanceof Error ? error.message : String(error) });
  }
  setBusy(false);
  await refresh(tab);
}

/** One thing at a time. Nothing is disabled meanwhile: that would take the focus from whoever uses the keyboard. */
function setBusy(now: boolean): void {
  busy = now;
  document.body.ariaBusy = String(now);
}

async function begin(): Promise<void> {
  followSystem();
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const id = tab?.id;
  if (id === undefined) return;
  part("page", HTMLHeadingElement).textContent = tab?.title ?? tab?.url ?? "This tab";
  part("options", HTMLButtonElement).addEventListener("click", () => void chrome.runtime.openOptionsPage());
  const settings = await load();
  const interval = siteOf(settings.sites, tab?.url)?.interval ?? settings.interval;
  part("share-hint", HTMLSpanElement).textContent = `A picture every ${everyOf(interval)} while the tab is in front. Needs access to all sites.`;
  // Chrome's question closes this popup, and the press that opened it is not good for a stream: it came before the right.
  const first = (await streams()) ? "" : " Chrome asks first: say yes, then open this and switch it on again.";
  part("stream-hint", HTMLSpanElement).textContent = `Up to ${settings.fps} pictures a second, while somebody watches.${first}`;

  for (const control of [capture, share, stream]) {
    control.addEventListener("click", (event) => {
      if (!busy) return;
      event.preventDefault(); // a switch goes back by itself
      event.stopImmediatePropagation();
    });
  }
  capture.addEventListener("click", () => {
    void act(id, null, "", () => {
      said.className = "message";
      said.textContent = "Capturing…";
      return ask("capture", { tab: id });
    });
  });
  share.addEventListener("change", () => {
    const on = share.checked;
    const asked = on ? askEverywhere() : null;
    // Chrome's question may close this popup. What was wanted is noted before the answer: nothing is shared without it.
    const noted = ask("share", { tab: id, on });
    const outcome = async (): Promise<Outcome | null> => {
      const done = await noted;
      if (asked === null || (await asked)) return done;
      await ask("share", { tab: id, on: false });
      return { ok: false, text: "Chrome was not allowed to capture pages by itself, so nothing is shared." };
    };
    void act(id, null, "", outcome);
  });
  stream.addEventListener("change", () => {
    const on = stream.checked;
    void act(id, on ? askStreams() : null, "Chrome was not allowed to stream tabs, so nothing is streamed.", () => ask("continuous", { tab: id, on }));
  });
  await refresh(id);
  setInterval(() => void refresh(id), REFRESH_MS);
  capture.focus();
}

void begin();
