// Postings of jobs, and how they are narrowed and ordered. Pure.

/** As the wire has it (fields may be missing: whoever sent it may be older or newer than we are). */
export interface Posting {
  readonly company?: string;
  readonly title?: string;
  readonly url?: string;
  readonly summary?: string;
  readonly location?: string;
  readonly role?: string;
  /** 0 to 100: how much it can be believed. */
  readonly score?: number;
  readonly signals?: readonly string[];
  readonly location_type?: "remote" | "hybrid" | "onsite";
  readonly is_contract?: boolean;
  readonly department?: string;
  readonly seniority?: string;
  readonly employment_type?: string;
  readonly posted_at?: string | null;
  readonly salary?: unknown;
  readonly source_page?: string;
  readonly extraction_source?: string;
  readonly company_health?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

/** A posting, and which of the domains that were asked for it came from. */
export interface Found {
  readonly key: string;
  readonly domain: string;
  readonly posting: Posting;
}

export const COLUMNS = ["score", "title", "company", "location", "location_type", "seniority", "department", "posted_at"] as const;
export type Column = (typeof COLUMNS)[number];

export interface PostingLook {
  readonly text: string;
  /** "": every one, as with the others. */
  readonly domain: string;
  readonly location_type: string;
  readonly seniority: string;
  readonly department: string;
  readonly sort: Column;
  readonly descending: boolean;
}

export const ALL_POSTINGS: PostingLook = { text: "", domain: "", location_type: "", seniority: "", department: "", sort: "score", descending: true };

type Facet = "location_type" | "seniority" | "department";
const FACETS: readonly Facet[] = ["location_type", "seniority", "department"];

export const isNarrowed = (look: PostingLook): boolean => look.text.trim() !== "" || look.domain !== "" || FACETS.some((facet) => look[facet] !== "");

export function narrowed(found: readonly Found[], look: PostingLook): Found[] {
  const words = look.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return found.filter(({ domain, posting }) => {
    if (look.domain !== "" && domain !== look.domain) return false;
    if (FACETS.some((facet) => look[facet] !== "" && posting[facet] !== look[facet])) return false;
    const text = words.length === 0 ? "" : [posting.title, posting.company, posting.location, posting.department, posting.role, domain].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What can be chosen, and how many postings each choice would show, given the other choices. */
export function facet(found: readonly Found[], look: PostingLook, name: Facet): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { posting } of narrowed(found, { ...look, [name]: "" })) {
    const value = posting[name];
    if (typeof value === "string" && value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (look[name] !== "" && !counts.has(look[name])) counts.set(look[name], 0);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

const LADDER = ["intern", "entry", "mid", "senior", "staff", "principal", "lead", "manager", "director", "vp", "executive"];
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** What is not known stands last, whichever way round. */
export function sorted(found: readonly Found[], { sort, descending }: Pick<PostingLook, "sort" | "descending">): Found[] {
  const sign = descending ? -1 : 1;
  return [...found].sort((a, b) => {
    const [one, other] = [rank(a.posting, sort), rank(b.posting, sort)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || byTitle(a, b);
    const difference = typeof one === "number" && typeof other === "number" ? one - other : order.compare(String(one), String(other));
    return sign * difference || byTitle(a, b);
  });
}

const byTitle = (a: Found, b: Found): number => order.compare(a.posting.title ?? "", b.posting.title ?? "") || (a.key < b.key ? -1 : 1);

function rank(posting: Posting, column: Column): string | number | null {
  if (column === "score") return posting.score ?? null;
  if (column === "posted_at") {
    const at = Date.parse(posting.posted_at ?? "");
    return Number.isNaN(at) ? null : at;
  }
  if (column === "seniority") {
    const step = LADDER.indexOf(posting.seniority ?? "");
    return step < 0 ? posting.seniority || null : step;
  }
  return posting[column] || null;
}

/** Names of a signal's parts in words: "has:salary" is "Has salary". */
export function signalWords(signal: string): { name: string; detail: string } {
  const at = signal.indexOf(":");
  const [name, detail] = at < 0 ? [signal, ""] : [signal.slice(0, at), signal.slice(at + 1)];
  return { name: name.replaceAll("_", " "), detail: detail.replaceAll("_", " ") };
}

/** A salary as the posting has it, whatever shape that is; "" when there is none. */
export function salaryWords(salary: unknown): string {
  if (typeof salary === "string") return salary;
  if (typeof salary !== "object" || salary === null) return "";
  const { text, min, max, currency, period } = salary as Record<string, unknown>;
  const number = (value: unknown): string => (typeof value === "number" ? value.toLocaleString("en") : "");
  const range = [...new Set([number(min), number(max)].filter(Boolean))].join(" – ");
  if (range === "") return typeof text === "string" ? text : "";
  return [currency, range, typeof period === "string" && period !== "" ? `per ${period}` : ""].filter((one) => typeof one === "string" && one !== "").join(" ");
}
