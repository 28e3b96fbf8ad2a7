// Filter, grouping and order as the query of the address, so that they can be linked. Only what differs from the wall itself is written.
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import { CONDITIONS, GROUPS, KIND_NAMES, type Look, SORTS, someOf } from "./wall";

const KEYS = ["q", "kind", "state", "group", "sort"] as const;

/** The look that a query asks for; what it does not name is as `base` has it. */
export function lookFromQuery(query: LocationQuery, base: Look): Look {
  const one = (name: (typeof KEYS)[number]): string | undefined => {
    const value = query[name];
    return (Array.isArray(value) ? value[0] : value) ?? (name in query ? "" : undefined);
  };
  const kinds = one("kind");
  const states = one("state");
  const group = one("group");
  const sort = one("sort");
  return {
    text: one("q")?.slice(0, 200) ?? base.text,
    kinds: kinds === undefined ? base.kinds : someOf(KIND_NAMES, kinds.split(",")),
    conditions: states === undefined ? base.conditions : someOf(CONDITIONS, states.split(",")),
    group: GROUPS.find((each) => each === group) ?? base.group,
    sort: SORTS.find((each) => each === sort) ?? base.sort,
  };
}

/** The query for a look; other keys of `query` stay. */
export function queryFromLook(look: Look, base: Look, query: LocationQuery): LocationQueryRaw {
  const others = Object.fromEntries(Object.entries(query).filter(([name]) => !KEYS.some((key) => key === name)));
  const written: Record<string, string> = {};
  const write = (name: (typeof KEYS)[number], value: string, basic: string): void => {
    if (value !== basic) written[name] = value;
  };
  write("q", look.text, base.text);
  write("kind", look.kinds.join(","), base.kinds.join(","));
  write("state", look.conditions.join(","), base.conditions.join(","));
  write("group", look.group, base.group);
  write("sort", look.sort, base.sort);
  return { ...others, ...written };
}
