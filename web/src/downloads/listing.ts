// The list of downloads that is shown, newest first, and how it grows at both ends. Pure.

export interface Listing<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null: that was all. */
  readonly next: string | null;
}

interface Entry {
  readonly id: string;
  /** ms */
  readonly at: number;
}

/** With an older page below it; what is there already is not there twice. */
export function older<T extends Entry>({ items }: Listing<T>, page: Listing<T>): Listing<T> {
  const known = new Set(items.map(({ id }) => id));
  return { items: [...items, ...page.items.filter(({ id }) => !known.has(id))], next: page.next };
}

/**
 * With the newest page on top. What has changed moves there; what should be in the page and is not was deleted. When nothing of the page
 * was known, what lies between is missing: the list begins anew with the page.
 */
export function newer<T extends Entry>(listing: Listing<T>, page: Listing<T>): Listing<T> {
  const fresh = new Set(page.items.map(({ id }) => id));
  const reach = page.items.at(-1)?.at;
  if (page.next === null || reach === undefined || !listing.items.some(({ id }) => fresh.has(id))) return page;
  return { items: [...page.items, ...listing.items.filter(({ id, at }) => at <= reach && !fresh.has(id))], next: listing.next };
}

/** How many of a page stand in the list not yet, or otherwise. */
export function news<T extends Entry>({ items }: Listing<T>, page: Listing<T>): number {
  const known = new Map(items.map((one) => [one.id, one.at]));
  return page.items.filter(({ id, at }) => known.get(id) !== at).length;
}

export const without = <T extends Entry>({ items, next }: Listing<T>, ids: ReadonlySet<string>): Listing<T> => ({ items: items.filter(({ id }) => !ids.has(id)), next });
