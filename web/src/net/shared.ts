// One socket per page, server and token, however many panes and scripts use it.
import { LiveSocket } from "./live";
import { socketUrl } from "./server";
import { ticketed } from "./ticket";

interface Shared {
  readonly socket: LiveSocket;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
  readonly wake: AbortController;
}

/** A pane that moves in the document leaves and comes back at once: that must not cost a reconnect. */
const LINGER_MS = 1_000;
const KEY = Symbol.for("livepane.viewer.v1.sockets");

/** On the global object, so that a page with two copies of this script still has one socket. */
function sockets(): Map<string, Shared> {
  const home = globalThis as unknown as Record<symbol, Map<string, Shared> | undefined>;
  return (home[KEY] ??= new Map<string, Shared>());
}

export interface Lease {
  readonly socket: LiveSocket;
  release(): void;
}

/** Throws TypeError when `server` is not an address. */
export function acquire(server: string, token: string | null): Lease {
  const url = socketUrl(server).href;
  const key = token ? `${url} ${token}` : url;
  let shared = sockets().get(key);
  if (shared === undefined) {
    const socket = new LiveSocket(token ? (signal) => ticketed(server, token, signal) : url);
    const made: Shared = { socket, users: 0, closing: undefined, wake: wakeWithThePage(() => made.users > 0 && socket.retryNow()) };
    shared = made;
    sockets().set(key, shared);
  }
  const mine = shared;
  clearTimeout(mine.closing);
  mine.users += 1;
  let released = false;
  return {
    socket: mine.socket,
    release: () => {
      if (released) return;
      released = true;
      mine.users -= 1;
      if (mine.users > 0) return;
      mine.closing = setTimeout(() => {
        mine.wake.abort();
        mine.socket.close();
        sockets().delete(key);
      }, LINGER_MS);
    },
  };
}

/** Nobody waits out a back-off on a page that was just looked at again, or whose network came back. */
function wakeWithThePage(retry: () => unknown): AbortController {
  const stop = new AbortController();
  const wake = (): void => {
    if (!document.hidden) retry();
  };
  addEventListener("online", wake, { signal: stop.signal });
  document.addEventListener("visibilitychange", wake, { signal: stop.signal });
  return stop;
}
