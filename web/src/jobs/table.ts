// Results of any scraper as a table: which columns, and what stands in a cell. Pure.
import type { Item } from "./journal";

/** What people look for first, when it is there. */
const FIRST = ["title", "name", "company", "location", "location_type", "seniority", "department", "price", "score", "url"];
/** Told by the row's details, not by a column: long, or the same in every row. */
const LATER = new Set(["signals", "summary", "description", "source_page", "extraction_source", "timestamp", "company_health", "id", "role"]);
const MOST_COLUMNS = 7;

export function tableColumns(items: readonly Item[]): string[] {
  const names = [...new Set(items.slice(0, 200).flatMap((item) => Object.keys(item)))];
  const isPlain = (name: string): boolean => items.slice(0, 200).some((item) => item[name] !== null && item[name] !== undefined && item[name] !== "" && typeof item[name] !== "object");
  const plain = names.filter((name) => isPlain(name) && !LATER.has(name));
  const chosen = [...FIRST.filter((name) => plain.includes(name)), ...plain.filter((name) => !FIRST.includes(name))].slice(0, MOST_COLUMNS);
  return chosen.length > 0 ? chosen : names.slice(0, MOST_COLUMNS);
}

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 4, useGrouping: Math.abs(value) >= 10_000 });
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(", ");
  return JSON.stringify(value);
}

/** An address that may be a link: of the web, nothing else. */
export function linkOf(value: unknown): string | null {
  return typeof value === "string" && /^https?:\/\/[^\s]+$/i.test(value) ? value : null;
}

export const columnWords = (name: string): string => {
  const words = name.replaceAll(/[_-]+/g, " ");
  return words === "url" ? "URL" : words.charAt(0).toUpperCase() + words.slice(1);
};

export function hasText(item: Item, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === "" || Object.values(item).some((value) => cellText(value).toLowerCase().includes(wanted));
}
