// What this browser remembers of a page: for good, or as long as the tab. Where it keeps nothing, as long as the page.

/** A storage that never throws: browsers deny theirs (all data of sites blocked, a frame among strangers), and it may be full. */
export class Memory {
  /** What the browser did not take. */
  private readonly page = new Map<string, string>();

  /** `storage` is asked for each time: where it is denied, that alone throws. */
  constructor(private readonly storage: () => Storage) {}

  getItem(key: string): string | null {
    try {
      return this.page.get(key) ?? this.storage().getItem(key);
    } catch {
      return null;
    }
  }

  setItem(key: string, value: string): void {
    try {
      this.storage().setItem(key, value);
      this.page.delete(key);
    } catch {
      this.page.set(key, value);
    }
  }

  removeItem(key: string): void {
    this.page.delete(key);
    try {
      this.storage().removeItem(key);
    } catch {
      // Then there is nothing to remove.
    }
  }
}

export const browserMemory = new Memory(() => localStorage);
export const tabMemory = new Memory(() => sessionStorage);
