// What the user has set. Whatever lies in storage, `read` makes valid settings of it.
import { isPattern } from "../sites/patterns";

/** A site that is shared automatically. */
export interface Site {
  /** A Chrome match pattern, such as `https://*.example.com/*`. */
  readonly pattern: string;
  /** Seconds between two pictures; null: as for all sites. */
  readonly interval: number | null;
  /** CSS selectors of what is painted over there, besides password fields. */
  readonly masks: readonly string[];
}

export interface Settings {
  /** Where pictures go: http(s)://host[:port][/path], without a slash at its end. */
  readonly server: string;
  /** Empty: none is sent. */
  readonly token: string;
  /** Of this installation: its tabs are the streams `tab:<name>-1`, `tab:<name>-2` and so on. */
  readonly name: string;
  readonly automatic: boolean;
  /** Seconds. */
  readonly interval: number;
  /** Of JPEG, 10 to 100. */
  readonly quality: number;
  /** Pictures a second of the continuous mode, at most. */
  readonly fps: number;
  /** CSS selectors of what is painted over on every site, besides password fields. */
  readonly masks: readonly string[];
  readonly sites: readonly Site[];
}

export const INTERVAL = { least: 0.5, most: 60, usual: 3 } as const;
export const QUALITY = { least: 10, most: 100, usual: 70 } as const;
export const FPS = { least: 1, most: 10, usual: 10 } as const;
const MOST_SITES = 200;
const MOST_MASKS = 50;
const LONGEST_MASK = 500;

export const DEFAULTS: Settings = {
  server: "http://127.0.0.1:8000",
  token: "",
  name: "",
  automatic: false,
  interval: INTERVAL.usual,
  quality: QUALITY.usual,
  fps: FPS.usual,
  masks: [],
  sites: [],
};

/** Why an address cannot be a server's; null when it can. */
export function wrongServer(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null) return `“${text}” is not an address. Write it as http://127.0.0.1:8000`;
  if (url.protocol !== "http:" && url.protocol !== "https:") return `An address starts with http:// or https://, this one with ${url.protocol}`;
  if (url.username !== "" || url.password !== "") return "Put the token into its own field, not into the address";
  return null;
}

/** The address as it is kept: no query, no fragment, no slash at its end. Only for addresses that are not wrong. */
export function plainServer(text: string): string {
  const url = new URL(text.trim());
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

/** Why a name cannot be that of an installation; null when it can. */
export function wrongName(text: string): string | null {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(text)
    ? null
    : "A name has up to 40 letters, digits, dots, dashes and underscores, and starts with a letter or a digit";
}

/** Selectors as somebody writes them down, one a line. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
}

/** Valid settings, whatever was stored. */
export function read(stored: unknown): Settings {
  const from = isRecord(stored) ? stored : {};
  const server = typeof from.server === "string" && wrongServer(from.server) === null ? plainServer(from.server) : DEFAULTS.server;
  return {
    server,
    token: typeof from.token === "string" ? from.token.slice(0, 1000) : "",
    name: typeof from.name === "string" && wrongName(from.name) === null ? from.name : "",
    automatic: from.automatic === true,
    interval: within(from.interval, INTERVAL),
    quality: Math.round(within(from.quality, QUALITY)),
    fps: Math.round(within(from.fps, FPS)),
    masks: selectors(from.masks),
    sites: Array.isArray(from.sites) ? from.sites.flatMap(site).slice(0, MOST_SITES) : [],
  };
}

function site(stored: unknown): Site[] {
  if (!isRecord(stored) || typeof stored.pattern !== "string" || !isPattern(stored.pattern)) return [];
  const interval = typeof stored.interval === "number" ? within(stored.interval, INTERVAL) : null;
  return [{ pattern: stored.pattern, interval, masks: selectors(stored.masks) }];
}

function selectors(stored: unknown): string[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((one) => typeof one === "string" && one !== "" && one.length <= LONGEST_MASK).slice(0, MOST_MASKS) as string[];
}

function within(value: unknown, bounds: { readonly least: number; readonly most: number; readonly usual: number }): number {
  if (typeof value !== "number" || !Number.isFinite(value)) return bounds.usual;
  return Math.min(bounds.most, Math.max(bounds.least, value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
