// What must outlive the worker: storage.session, which pages cannot see and which ends with the browser.
import type { Found } from "../messages";
import type { Numbers } from "./numbers";
import type { Share } from "./share";

interface Remembered {
  shares: Record<string, Share>;
  numbers: Numbers;
  /** What a server was found to be, by its address. */
  found: { server: string; found: Found } | null;
  /** All tabs were looked at since the browser was started, or the extension loaded, reloaded or switched on. */
  begun: boolean;
}

const EMPTY: Remembered = { shares: {}, numbers: {}, found: null, begun: false };

export class Memory {
  private now: Remembered = EMPTY;

  static async recall(): Promise<Memory> {
    const memory = new Memory();
    memory.now = { ...EMPTY, ...(await chrome.storage.session.get<Partial<Remembered>>(["shares", "numbers", "found", "begun"])) };
    return memory;
  }

  get shares(): readonly Share[] {
    return Object.values(this.now.shares);
  }

  share(tab: number): Share | null {
    return this.now.shares[tab] ?? null;
  }

  keep(share: Share): void {
    this.set({ shares: { ...this.now.shares, [share.tab]: share } });
  }

  forget(tab: number): void {
    this.set({ shares: Object.fromEntries(Object.entries(this.now.shares).filter(([key]) => key !== String(tab))) });
  }

  get numbers(): Numbers {
    return this.now.numbers;
  }

  set numbers(numbers: Numbers) {
    if (numbers !== this.now.numbers) this.set({ numbers });
  }

  get found(): Remembered["found"] {
    return this.now.found;
  }

  set found(found: Remembered["found"]) {
    this.set({ found });
  }

  get begun(): boolean {
    return this.now.begun;
  }

  begin(): void {
    this.set({ begun: true });
  }

  private set(some: Partial<Remembered>): void {
    this.now = { ...this.now, ...some };
    void chrome.storage.session.set(some);
  }
}
