// What the parts of a wall are called.
import type { Condition, Group, Sort } from "./wall";

export const CONDITION_WORDS: Readonly<Record<Condition, { readonly name: string; readonly tone: string; readonly hint: string }>> = {
  live: { name: "Live", tone: "good", hint: "The picture is what is there now" },
  static: { name: "Static", tone: "calm", hint: "There now, and not changing" },
  idle: { name: "Idle", tone: "calm", hint: "Not looked at yet, so not captured" },
  stale: { name: "Stale", tone: "warn", hint: "Hidden or late: the picture is old" },
  gone: { name: "Gone", tone: "bad", hint: "The source has left" },
};
export const GROUP_WORDS: Readonly<Record<Group, string>> = { none: "No groups", kind: "By kind", state: "By state", name: "By start of the name" };
export const SORT_WORDS: Readonly<Record<Sort, string>> = {
  oldest: "Oldest first",
  newest: "Newest first",
  name: "By name",
  attention: "What needs attention first",
};
