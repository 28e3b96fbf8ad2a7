// What opens the stream for this tab: a link that was opened, kept so that a reload costs no second use.
import { Refusal } from "@/net/refusal";
import { post } from "@/net/ticket";
import type { Memory } from "@/state/memory";
import type { Place } from "./place";

export interface Pass {
  /** Shown to the server like a token; null: by cookie, or by nothing. */
  readonly token: string | null;
  /** Whether it came with a link, and ends with it. */
  readonly isLink: boolean;
  /** ms since the Unix epoch, server clock; null: it does not end by itself. */
  readonly expiresAt: number | null;
}

interface Kept {
  readonly token: string;
  readonly expiresAt: number | null;
  /** The link itself, when the server could not be reached to open it. */
  readonly isUnopened: boolean;
}

/** One tab, one pass: two tabs of a link that may be opened twice are two uses. */
export class Wallet {
  private readonly key: string;

  constructor(
    { server, stream }: Place,
    private readonly memory: Memory,
  ) {
    this.key = `livepane.pass ${server} ${stream}`;
  }

  get kept(): Kept | null {
    try {
      const found = JSON.parse(this.memory.getItem(this.key) ?? "null") as Partial<Kept> | null;
      if (typeof found?.token !== "string") return null;
      return { token: found.token, expiresAt: found.expiresAt ?? null, isUnopened: found.isUnopened ?? false };
    } catch {
      return null;
    }
  }

  keep(kept: Kept): void {
    this.memory.setItem(this.key, JSON.stringify(kept));
  }

  drop(): void {
    this.memory.removeItem(this.key);
  }
}

/**
 * The pass for a place: of the link that was handed over, else what this tab has, else the token of the address.
 *
 * Throws Refusal when the link does not work (any more), Error when the server cannot be asked now.
 */
export async function passFor(place: Place, wallet: Wallet): Promise<Pass> {
  const before = wallet.kept;
  const link = place.handed ?? (before?.isUnopened === true ? before.token : null);
  if (link === null) {
    if (before !== null) return { token: before.token, isLink: true, expiresAt: before.expiresAt };
    return { token: place.token, isLink: false, expiresAt: null };
  }
  const mine = before?.isUnopened === false ? before : null;
  if (mine === null) wallet.keep({ token: link, expiresAt: null, isUnopened: true });
  try {
    const opened = (await post(place.server, "api/shares/open", link)) as { session: string; expires_at: number | null };
    wallet.keep({ token: opened.session, expiresAt: opened.expires_at, isUnopened: false });
    return { token: opened.session, isLink: true, expiresAt: opened.expires_at };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 4403) {
      // No link but a token of another kind: it is shown as it is.
      wallet.keep({ token: link, expiresAt: null, isUnopened: false });
      return { token: link, isLink: true, expiresAt: null };
    }
    // The link is used up, and this tab is one that has opened it.
    if (mine !== null) return { token: mine.token, isLink: true, expiresAt: mine.expiresAt };
    if (error.code === 4401) wallet.drop();
    throw error;
  }
}
