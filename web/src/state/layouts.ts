// The walls that are kept on the server under a name, for everybody.
import { ref } from "vue";
import type { Wall } from "@/wall/wall";
import { ApiError, request } from "./api";

export interface Layout {
  readonly name: string;
  /** Server's clock, ms since the Unix epoch. */
  readonly updated_at: number;
}

export type LayoutDeed = "save" | "rename" | "delete";

export const layouts = ref<readonly Layout[]>([]);
/** The version of each layout that this page has read or saved: what it saves replaces that, and nothing that it has not seen. */
const known = new Map<string, string>();

const path = (name: string): string => `api/layouts/${encodeURIComponent(name)}`;

/** Throws ApiError. */
export async function listLayouts(): Promise<void> {
  const answer = await request<{ layouts: readonly Layout[] }>("GET", "api/layouts");
  layouts.value = [...answer.layouts].sort((a, b) => a.name.localeCompare(b.name));
}

/** What was saved, whoever saved it. Throws ApiError. */
export async function layoutOf(name: string): Promise<unknown> {
  const { wall, version } = await request<{ wall: unknown; version: string }>("GET", path(name));
  known.set(name, version);
  return wall;
}

/** Throws ApiError; `isOutdated` knows the one that says that somebody else has saved it since we read it. */
export async function saveLayout(name: string, wall: Wall): Promise<void> {
  const version = known.get(name);
  const saved = await request<{ version: string }>("PUT", path(name), { wall }, version === undefined ? {} : { "if-match": `"${version}"` });
  known.set(name, saved.version);
  await listLayouts();
}

/** The next save replaces whatever is there. */
export const overwrite = (name: string): unknown => known.delete(name);

export const isOutdated = (caught: unknown): boolean => caught instanceof ApiError && caught.status === 412;

/** Throws ApiError. The new name is there before the old one goes. */
export async function renameLayout(from: string, to: string): Promise<void> {
  const wall = await layoutOf(from);
  await request("PUT", path(to), { wall });
  await request("DELETE", path(from));
  known.delete(from);
  known.delete(to);
  await listLayouts();
}

/** Throws ApiError. */
export async function deleteLayout(name: string): Promise<void> {
  await request("DELETE", path(name));
  known.delete(name);
  await listLayouts();
}

/** What is wrong with a name, in words for a person; null when nothing is. */
export function nameTrouble(name: string): string | null {
  const text = name.trim();
  if (text === "") return "A layout needs a name.";
  if (Array.from(text).length > 60) return "A name has 60 characters at the most.";
  if (text.includes("/")) return "A name has no slash in it.";
  if (text === "." || text === "..") return "A name is more than dots.";
  if (/[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u.test(text)) return "A name has no invisible characters in it.";
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? null : "A name has at least one letter or digit.";
}
