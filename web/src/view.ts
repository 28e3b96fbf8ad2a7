// The bare full-screen viewer of /view/{stream}: connects by itself, says how it is, and comes back by itself.
import "@/styles/view.css";
import { Backoff } from "@/net/backoff";
import type { ConnectionState } from "@/net/connection";
import { Refusal } from "@/net/refusal";
import { acquire, type Lease } from "@/net/shared";
import { defineLivePane } from "@/player/element";
import { areCharactersKeys, keyOf } from "@/state/keys";
import { tabMemory } from "@/state/memory";
import { type Pass, passFor, Wallet } from "@/viewer/pass";
import { type Place, placeOf } from "@/viewer/place";
import { leftWords, linkWords, phaseWords, retryWords } from "@/viewer/words";

const element = (id: string): HTMLElement | null => document.getElementById(id);
const [title, pill, why, wait, left, over] = ["name", "connection", "why", "wait", "left", "over"].map((id) => element(id));
const pane = document.querySelector("live-pane");

let lease: Lease | null = null;
let expiresAt: number | null = null;
let shown: ConnectionState = { phase: "connecting", since: Date.now(), retryAt: null, reason: null, refusal: null };

function write(target: HTMLElement | null | undefined, text: string): void {
  if (target && target.textContent !== text) target.textContent = text;
}

function tell(state = shown): void {
  shown = state;
  if (pill) pill.dataset.phase = state.phase;
  write(why, phaseWords(state));
  write(wait, retryWords(state, Date.now()));
  const remaining = expiresAt === null || lease === null ? null : expiresAt - lease.socket.clock.now();
  write(left, remaining === null || state.phase !== "open" ? "" : `Link works for ${leftWords(remaining)}`);
}

/** The end: nothing to come back to, so nothing is tried again. */
function end(headline: string, detail: string): void {
  lease?.release();
  lease = null;
  clearInterval(ticking);
  title?.remove();
  pane?.remove();
  pill?.remove();
  left?.remove();
  document.title = `${headline} · Livepane`;
  write(over?.querySelector("h1"), headline);
  write(over?.querySelector("p"), detail);
  if (over) over.hidden = false;
}

function watch(place: Place, pass: Pass, wallet: Wallet): void {
  const mine = (lease = acquire(place.server, pass.token));
  const { socket } = mine;
  expiresAt = pass.expiresAt;
  const name = (): void => {
    const shownAs = socket.streams.get(place.stream)?.title || place.stream;
    document.title = `${shownAs} · Livepane`;
    write(title, shownAs);
  };
  socket.on("connection", (state) => {
    if (lease !== mine) return;
    if (state.refusal === 4401 && pass.isLink) {
      wallet.drop();
      end(linkWords(state.reason ?? ""), sentence(state.reason));
    } else tell(state);
  });
  socket.on("stream", name);
  socket.on("streams", name);
  tell(socket.state);
  pane?.setAttribute("server", place.server);
  if (pass.token !== null) pane?.setAttribute("token", pass.token);
  pane?.setAttribute("stream", place.stream);
}

/** Open the link, if one was handed over; a server that is away is asked again and again. */
async function start(place: Place): Promise<void> {
  const wallet = new Wallet(place, tabMemory);
  const backoff = new Backoff();
  for (;;) {
    let pause: number;
    try {
      watch(place, await passFor(place, wallet), wallet);
      return;
    } catch (error) {
      if (error instanceof Refusal && (error.code === 4401 || error.code === 4404)) {
        end(linkWords(error.message), sentence(error.message));
        return;
      }
      pause = error instanceof Refusal ? error.retryMs : backoff.next();
      const reason = error instanceof Refusal ? error.message : "the server cannot be reached";
      tell({ phase: "reconnecting", since: Date.now(), retryAt: Date.now() + pause, reason, refusal: null });
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function sentence(text: string | null): string {
  return text === null || text === "" ? "Ask for a new one." : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const ticking = setInterval(() => tell(), 1_000);
defineLivePane();
try {
  const servers = document.querySelector<HTMLMetaElement>('meta[name="livepane-server"]')?.content.split(/\s+/).filter(Boolean) ?? [];
  const place = placeOf(location.href, document.baseURI, servers);
  document.title = `${place.stream} · Livepane`;
  // A secret does not stay in the address bar, nor in what is bookmarked or read over a shoulder.
  if (place.handed !== null) history.replaceState(null, "", location.pathname + location.search);
  // Another link pasted over this one is another page.
  addEventListener("hashchange", () => location.reload());
  tell();
  void start(place);
} catch (error) {
  end("Nothing to show here", error instanceof Error ? error.message : String(error));
}

addEventListener("keydown", (event) => {
  if (keyOf(event) !== "f" || !areCharactersKeys() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
});
