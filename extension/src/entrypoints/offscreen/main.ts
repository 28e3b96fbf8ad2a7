// The offscreen document: a page that nobody sees, because a service worker may not hold the stream of a tab.
import { Caster } from "../../cast/caster";
import { streamOf } from "../../cast/frames";
import type { Order, Orders, Outcome } from "../../messages";

const casters = new Map<number, Caster>();

async function start(cast: Orders["start"]["ask"]): Promise<Outcome> {
  try {
    const track = await streamOf(cast.streamId, cast);
    casters.get(cast.tab)?.end("it was started anew");
    const caster = new Caster(cast, track, () => {
      if (casters.get(cast.tab) === caster) casters.delete(cast.tab);
    });
    casters.set(cast.tab, caster);
    return { ok: true, text: "This tab is streamed while somebody watches" };
  } catch (error) {
    return { ok: false, text: `Chrome does not give the stream of this tab: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function obey(order: Order, from: chrome.runtime.MessageSender): Orders[keyof Orders]["answer"] | Promise<Orders[keyof Orders]["answer"]> {
  switch (order.type) {
    case "start":
      return start(order);
    case "stop":
      casters.get(order.tab)?.end(order.reason);
      return null;
    case "visible":
      casters.get(order.tab)?.setVisible(order.visible);
      return null;
    case "describe":
      casters.get(order.tab)?.describe(order.title, order.url, order.fresh);
      return null;
    case "leaving":
      casters.get(from.tab?.id ?? -1)?.uncovered();
      return null;
    case "casts":
      return { tabs: [...casters.keys()] };
  }
}

chrome.runtime.onMessage.addListener((message: { to?: string }, from, respond) => {
  if (message.to !== "offscreen" || from.id !== chrome.runtime.id) return false;
  const order = message as Order;
  // A page may say that it is left, and nothing else.
  if (from.tab !== undefined && order.type !== "leaving") return false;
  void Promise.resolve(obey(order, from)).then(respond);
  return true;
});
