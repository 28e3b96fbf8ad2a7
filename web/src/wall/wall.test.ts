import { describe, expect, it } from "vitest";
import { isSameWall, PLAIN, wallFrom } from "./wall";

describe("a wall from storage", () => {
  it("is what was kept", () => {
    const kept = {
      version: 1, tiles: "arranged", text: "shop", kinds: ["page"], conditions: ["gone"], group: "kind", sort: "attention",
      places: [{ id: "page:a", x: 0, y: 0, w: 6, h: 7 }], hidden: ["page:b"], pins: ["monitor:1"],
    };
    expect(wallFrom(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  it("is a plain one when it is anything else", () => {
    for (const content of [null, undefined, 7, "wall", [], { version: 99 }, { tiles: "huge", places: 3, hidden: {}, kinds: "page" }]) {
      expect(wallFrom(content)).toEqual(PLAIN);
    }
  });

  it("keeps the sound half of what is broken", () => {
    const wall = wallFrom({
      tiles: "arranged", kinds: ["page", "page", "spaceship"], text: "x".repeat(5_000), hidden: ["a", 4, "a", ""], pins: ["monitor:1", null, "monitor:1"],
      places: [{ id: "a", x: 0, y: 0, w: 4, h: 5 }, { id: "a", x: 4, y: 0, w: 4, h: 5 }, { id: "b", x: "4", y: 0, w: 4, h: 5 }, { id: "c", x: 0, y: 0, w: 1e9, h: 5 }, null],
    });
    expect(wall.places).toEqual([{ id: "a", x: 0, y: 0, w: 4, h: 5 }]);
    expect(wall.kinds).toEqual(["page"]);
    expect(wall.hidden).toEqual(["a"]);
    expect(wall.pins).toEqual(["monitor:1"]);
    expect(wall.text).toHaveLength(200);
  });

  it("never has overlapping panes, whoever wrote it", () => {
    const { places } = wallFrom({ places: ["a", "b"].map((id) => ({ id, x: 0, y: 0, w: 4, h: 5 })) });
    expect(places.map(({ y }) => y)).toEqual([0, 5]);
  });
});

describe("two walls are the same", () => {
  it("whatever the order in which panes and ticks were written", () => {
    const a = { ...PLAIN, tiles: "arranged", kinds: ["page", "tab"], places: [{ id: "a", x: 0, y: 0, w: 4, h: 5 }, { id: "b", x: 4, y: 0, w: 4, h: 5 }] } as const;
    expect(isSameWall(a, { ...a, kinds: ["tab", "page"], places: [...a.places].reverse() })).toBe(true);
    expect(isSameWall(a, { ...a, places: [] })).toBe(false);
  });

  it("only with the same screens and windows on them", () => {
    const hall = { ...PLAIN, pins: ["monitor:1", "window:7"] };
    expect(isSameWall(hall, { ...hall, pins: ["window:7", "monitor:1"] })).toBe(true);
    expect(isSameWall(hall, PLAIN)).toBe(false);
  });

  it("when only unused places differ", () => {
    expect(isSameWall(PLAIN, { ...PLAIN, places: [{ id: "a", x: 0, y: 0, w: 4, h: 5 }] })).toBe(true);
  });
});
