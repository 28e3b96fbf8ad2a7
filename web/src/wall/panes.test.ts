import { describe, expect, it } from "vitest";
import type { StreamModel } from "@/gen/messages";
import { conditionOf, facetsOf, filtered, grouped, kindName, type Pane, sorted, startOf, summaryOf } from "./panes";
import { type Condition, PLAIN_LOOK } from "./wall";

function stream(id: string, part: Partial<StreamModel> = {}): StreamModel {
  return {
    id, kind: kindName(id), title: id, url: null, state: "live", state_since: 0, reason: null, viewers: 0, width: null, height: null,
    picture_at: null, action: null, can_close: false, masked: false, slowed_to: null, pushed: null, node: null, ...part,
  };
}
const pane = (id: string, condition: Condition, part: Partial<StreamModel> = {}): Pane => ({ id, stream: stream(id, part), kind: kindName(id), condition });

const panes = [
  pane("page:shop", "live", { title: "Shop 10", url: "https://shop.example/cart" }),
  pane("page:news", "stale", { title: "Shop 9" }),
  pane("producer:alice", "gone", { title: "alice", action: { label: "Paying", at: 0, box: null, selector: null } }),
  pane("window:7", "static"),
];
const ids = (some: readonly Pane[]): string[] => some.map(({ id }) => id);

describe("what a pane is worth", () => {
  it("follows its stream, and its own clock", () => {
    expect(conditionOf(stream("page:a"), false, undefined)).toBe("live");
    expect(conditionOf(stream("page:a"), true, undefined)).toBe("stale");
    expect(conditionOf(stream("page:a", { state: "hidden" }), false, "live")).toBe("stale");
    expect(conditionOf(stream("page:a", { state: "reconnecting" }), false, "live")).toBe("gone");
    expect(conditionOf(undefined, false, "live")).toBe("gone");
  });

  it("is stale when pictures that come by themselves are late, though the last one is all there is", () => {
    const pushed = { last_at: 0, every_ms: 3_000 };
    expect(conditionOf(stream("tab:a", { state: "static", pushed: { ...pushed, status: "late" } }), false, undefined)).toBe("stale");
    expect(conditionOf(stream("tab:a", { state: "static", pushed: { ...pushed, status: "fresh" } }), false, undefined)).toBe("static");
  });

  it("stays as it was seen while nobody looks, for it would come and go with scrolling", () => {
    expect(conditionOf(stream("page:a", { state: "idle" }), false, "live")).toBe("live");
    expect(conditionOf(stream("page:a", { state: "idle" }), false, undefined)).toBe("idle");
    expect(conditionOf(stream("page:a", { state: "starting" }), false, "gone")).toBe("idle");
  });
});

describe("a filter", () => {
  it("looks into names, addresses, ids and actions", () => {
    expect(ids(filtered(panes, { ...PLAIN_LOOK, text: " SHOP.example " }))).toEqual(["page:shop"]);
    expect(ids(filtered(panes, { ...PLAIN_LOOK, text: "paying" }))).toEqual(["producer:alice"]);
    expect(ids(filtered(panes, { ...PLAIN_LOOK, text: "window:" }))).toEqual(["window:7"]);
  });

  it("joins kinds and states", () => {
    expect(ids(filtered(panes, { ...PLAIN_LOOK, kinds: ["page"], conditions: ["stale", "gone"] }))).toEqual(["page:news"]);
  });

  it("counts what each choice would show, given the others", () => {
    const { kinds, conditions } = facetsOf(panes, { ...PLAIN_LOOK, kinds: ["page"] });
    expect([...kinds]).toEqual([["page", 2], ["producer", 1], ["window", 1]]);
    expect([...conditions]).toEqual([["live", 1], ["stale", 1]]);
  });
});

describe("the order", () => {
  const arrival = new Map([["window:7", 0], ["producer:alice", 1], ["page:news", 2], ["page:shop", 3]]);

  it("is by name as a person counts, by age, or by what needs attention", () => {
    expect(ids(sorted(panes, "name", arrival))).toEqual(["producer:alice", "page:news", "page:shop", "window:7"]);
    expect(ids(sorted(panes, "oldest", arrival))).toEqual(["window:7", "producer:alice", "page:news", "page:shop"]);
    expect(ids(sorted(panes, "newest", arrival))).toEqual(["page:shop", "page:news", "producer:alice", "window:7"]);
    expect(ids(sorted(panes, "attention", arrival)).slice(0, 2)).toEqual(["producer:alice", "page:news"]);
  });

  it("holds within groups, and a group without panes is not shown", () => {
    expect(grouped(panes, "kind").map(({ key, panes: some }) => [key, ids(some)])).toEqual([
      ["page", ["page:shop", "page:news"]], ["window", ["window:7"]], ["producer", ["producer:alice"]],
    ]);
    expect(grouped([], "none")).toEqual([]);
  });
});

describe("groups by the start of names", () => {
  it("takes what stands before the first separator, without its number", () => {
    const starts = Object.fromEntries(["shop-1", "shop2", "Shop / Checkout", "cam.3", "night shift 7", "42", "-x-", "…"].map((name) => [name, startOf(name)]));
    expect(starts).toEqual({ "shop-1": "shop", shop2: "shop", "Shop / Checkout": "Shop", "cam.3": "cam", "night shift 7": "night", "42": "42", "-x-": "x", "…": "…" });
  });

  it("keeps the host of an address whole", () => {
    expect(["https://a.example/x?y=1", "127.0.0.1:8000/x", "shop.example:8443"].map(startOf)).toEqual(["a.example", "127.0.0.1:8000", "shop.example:8443"]);
  });

  it("puts those together that share one, and the rest at the end", () => {
    const named = ["producer:shop-2", "producer:cam1", "producer:Shop-1", "producer:zoo", "producer:cam-2"].map((id) => pane(id, "live", { title: "" }));
    const sections = grouped([...named, pane("page:k3f9", "live", { title: "Shop 10" })], "name");
    expect(sections.map(({ by, key, panes: some }) => [by, key, ids(some)])).toEqual([
      ["name", "cam", ["producer:cam1", "producer:cam-2"]],
      ["name", "shop", ["producer:shop-2", "producer:Shop-1", "page:k3f9"]],
      ["name", "", ["producer:zoo"]],
    ]);
    expect(grouped(named.slice(3, 4), "name").map(({ key }) => key)).toEqual([""]);
    expect(grouped([], "name")).toEqual([]);
  });
});

describe("the summary", () => {
  it("counts what there is, and says nothing of states while it hears nothing", () => {
    expect(summaryOf(panes, true)).toBe("4 panes, 1 live, 1 static, 1 stale, 1 gone");
    expect(summaryOf(panes, false)).toBe("4 panes");
    expect(summaryOf(panes.slice(0, 1), true)).toBe("1 pane, 1 live");
  });
});
