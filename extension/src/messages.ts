// What the parts of the extension say to each other. Every question is answered; the worker is the only one that answers.
import type { DemandModel } from "@web/gen/messages";

/** What the badge says of a tab. */
export type Phase = "live" | "waiting" | "off";

/** What a page is told when it asks: whether it is shared, how that goes, and when to ask again. */
export interface Beat {
  readonly shared: boolean;
  readonly phase: Phase;
  readonly reason: string | null;
  /** ms */
  readonly wait: number;
}

/** What the popup shows. */
export interface Status {
  readonly server: string;
  readonly automatic: boolean;
  /** Chrome lets us capture pages that nobody clicked. */
  readonly everywhere: boolean;
  readonly restriction: string | null;
  /** The pattern of the list that means this page. */
  readonly site: string | null;
  readonly mode: "automatic" | "continuous" | null;
  readonly phase: Phase;
  readonly reason: string | null;
  readonly stream: string;
  /** ms since the Unix epoch. */
  readonly sentAt: number | null;
}

export type Outcome = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly text: string };

/** What a server is, as far as we can tell. */
export type Found =
  | { readonly kind: "livepane"; readonly version: string; readonly mayPublish: boolean; readonly streams: readonly string[] }
  | { readonly kind: "plain" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "other"; readonly reason: string }
  | { readonly kind: "away"; readonly reason: string };

/** Where the offscreen document sends the pictures of a tab, and as what. */
export interface Cast {
  readonly tab: number;
  readonly streamId: string;
  readonly server: string;
  readonly token: string;
  /** Of the stream, without its kind. */
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly fps: number;
  readonly quality: number;
  /** CSS px of the tab. */
  readonly width: number;
  readonly height: number;
}

/** What the worker is asked, and what it answers. */
export interface Questions {
  tick: { ask: { visible: boolean }; answer: Beat };
  status: { ask: { tab: number }; answer: Status };
  capture: { ask: { tab: number }; answer: Outcome };
  share: { ask: { tab: number; on: boolean }; answer: Outcome };
  continuous: { ask: { tab: number; on: boolean }; answer: Outcome };
  found: { ask: { server: string; token: string }; answer: Found };
  pair: { ask: { server: string; code: string }; answer: Outcome };
  /** The offscreen document wants a tab's masks on and painted, or off. */
  cover: { ask: { tab: number; on: boolean }; answer: { covered: boolean; masked: boolean; reason: string | null } };
  /** The offscreen document tells how a tab's stream goes. */
  casting: { ask: { tab: number; phase: Phase; reason: string | null; ended: boolean; sent: boolean }; answer: null };
}

/** What the offscreen document is asked by the worker. */
export interface Orders {
  start: { ask: Cast; answer: Outcome };
  stop: { ask: { tab: number; reason: string }; answer: null };
  visible: { ask: { tab: number; visible: boolean }; answer: null };
  /** `fresh`: it is another document, and nothing is painted over in it yet. */
  describe: { ask: { tab: number; title: string; url: string; fresh: boolean }; answer: null };
  casts: { ask: object; answer: { tabs: number[] } };
  /** A covered document of the tab that asks is left, or has had something to cover for a moment: what was drawn since is not to be seen. */
  leaving: { ask: object; answer: null };
}

export type Question<K extends keyof Questions = keyof Questions> = { [T in K]: { to: "worker"; type: T } & Questions[T]["ask"] }[K];
export type Order<K extends keyof Orders = keyof Orders> = { [T in K]: { to: "offscreen"; type: T } & Orders[T]["ask"] }[K];

/** Ask the worker; it is started when it sleeps. Null when there is none: this extension was reloaded or removed. */
export async function ask<K extends keyof Questions>(type: K, about: Questions[K]["ask"]): Promise<Questions[K]["answer"] | null> {
  return (await chrome.runtime.sendMessage<object, Questions[K]["answer"] | null | undefined>({ to: "worker", type, ...about })) ?? null;
}

export async function order<K extends keyof Orders>(type: K, about: Orders[K]["ask"]): Promise<Orders[K]["answer"] | null> {
  return (await chrome.runtime.sendMessage<object, Orders[K]["answer"] | null | undefined>({ to: "offscreen", type, ...about })) ?? null;
}

/** What viewers together want; null: nobody looks. */
export type Demand = DemandModel | null;
