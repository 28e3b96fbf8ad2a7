import { describe, expect, it } from "vitest";
import { lookFromQuery, queryFromLook } from "./query";
import { type Look, PLAIN_LOOK } from "./wall";

const look = (part: Partial<Look>): Look => ({ ...PLAIN_LOOK, ...part });

describe("the query of the address", () => {
  it("carries what differs from the wall, and nothing else", () => {
    expect(queryFromLook(PLAIN_LOOK, PLAIN_LOOK, {})).toEqual({});
    expect(queryFromLook(look({ text: "shop", kinds: ["page", "tab"], group: "state" }), PLAIN_LOOK, { demo: "1", q: "old" })).toEqual({
      demo: "1", q: "shop", kind: "page,tab", group: "state",
    });
  });

  it("says so when a saved filter was cleared", () => {
    const saved = look({ text: "shop", kinds: ["page"] });
    const query = queryFromLook(PLAIN_LOOK, saved, {});
    expect(query).toEqual({ q: "", kind: "" });
    expect(lookFromQuery({ q: "", kind: null }, saved)).toEqual(PLAIN_LOOK);
  });

  it("leads back to the same look", () => {
    const wanted = look({ text: "a&b", kinds: ["producer"], conditions: ["gone", "stale"].reverse() as Look["conditions"], group: "kind", sort: "newest" });
    const query = queryFromLook(wanted, PLAIN_LOOK, {}) as Record<string, string>;
    expect(lookFromQuery(query, PLAIN_LOOK)).toEqual({ ...wanted, conditions: ["stale", "gone"] });
  });

  it("is not believed", () => {
    expect(lookFromQuery({ kind: "spaceship", state: "page", group: "x", sort: ["name", "newest"] }, PLAIN_LOOK)).toEqual(look({ sort: "name" }));
  });
});
