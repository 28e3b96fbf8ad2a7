import { describe, expect, it } from "vitest";
import { admit, COLUMNS, inReadingOrder, nudge, pack, type Place, put, rowsOf, stretch } from "./grid";

const at = (id: string, x: number, y: number, w = 4, h = 3): Place => ({ id, x, y, w, h });
const find = (places: readonly Place[], id: string): Place => places.find((place) => place.id === id)!;

const overlap = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function expectSound(places: readonly Place[]): void {
  const wrong: string[] = [];
  for (const a of places) {
    if (a.x < 0 || a.y < 0 || a.x + a.w > COLUMNS) wrong.push(`${a.id} is outside`);
    const others = places.filter(({ id }) => id !== a.id);
    for (const b of others) if (overlap(a, b)) wrong.push(`${a.id} lies over ${b.id}`);
    // Packed: nobody could go one row up.
    const up = { ...a, y: a.y - 1 };
    if (up.y >= 0 && !others.some((b) => overlap(up, b))) wrong.push(`${a.id} hangs in the air`);
  }
  expect(wrong).toEqual([]);
}

describe("pack", () => {
  it("closes gaps upward and keeps the columns", () => {
    expect(pack([at("a", 0, 5), at("b", 4, 9)])).toEqual([at("a", 0, 0), at("b", 4, 0)]);
  });

  it("moves overlapping panes apart", () => {
    const places = pack([at("a", 0, 0), at("b", 2, 0), at("c", 0, 1)]);
    expectSound(places);
    expect(find(places, "a")).toEqual(at("a", 0, 0));
  });

  it("brings what lies outside back in", () => {
    const [place] = pack([{ id: "a", x: 40, y: -3, w: 99, h: NaN }]);
    expect(place).toEqual({ id: "a", x: 0, y: 0, w: 12, h: 2 });
  });

  it("changes nothing that is packed", () => {
    const places = [at("a", 0, 0), at("b", 4, 0), at("c", 8, 0), at("d", 0, 3)];
    expect(pack(places)).toEqual(places);
  });
});

describe("put", () => {
  const row = [at("a", 0, 0), at("b", 4, 0), at("c", 8, 0)];

  it("pushes who stands there down", () => {
    const places = put(row, at("c", 0, 0));
    expectSound(places);
    expect(find(places, "c")).toEqual(at("c", 0, 0));
    expect(find(places, "a")).toEqual(at("a", 0, 3));
    expect(find(places, "b")).toEqual(at("b", 4, 0));
  });

  it("lets a pane below change sides with one that is dragged down onto it", () => {
    const column = [at("a", 0, 0), at("b", 0, 3), at("c", 0, 6)];
    const places = put(column, at("a", 0, 3));
    expectSound(places);
    expect(inReadingOrder(places).map(({ id }) => id)).toEqual(["b", "a", "c"]);
  });

  it("pushes on, through everybody who is pushed", () => {
    const column = [at("a", 0, 0), at("b", 0, 3), at("c", 0, 6), at("wide", 0, 9, 12)];
    const places = put([...column, at("new", 4, 0)], at("new", 0, 0));
    expectSound(places);
    expect(inReadingOrder(places).map(({ id }) => id)).toEqual(["new", "a", "b", "c", "wide"]);
  });

  it("makes room for a pane that grows", () => {
    const places = put(row, at("a", 0, 0, 8, 5));
    expectSound(places);
    expect(find(places, "a")).toEqual(at("a", 0, 0, 8, 5));
    expect(find(places, "b")).toEqual(at("b", 4, 5));
    expect(find(places, "c")).toEqual(at("c", 8, 0));
  });

  it("is sound wherever thirty panes are thrown", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `p${index}`);
    let places = admit([], ids, { w: 3, h: 4 });
    let seed = 7;
    const random = (most: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * most);
    };
    for (let turn = 0; turn < 300; turn += 1) {
      const id = ids[random(30)]!;
      places = put(places, { id, x: random(14) - 1, y: random(50) - 2, w: random(13), h: random(12) });
      expect(places).toHaveLength(30);
      expectSound(places);
    }
  });
});

describe("nudge", () => {
  const walls = [at("a", 0, 0), at("b", 4, 0), at("c", 0, 3), at("d", 4, 3)];

  it("moves by one column sideways", () => {
    expect(find(nudge(walls, "b", "right"), "b")).toEqual(at("b", 5, 0));
    expect(find(nudge(walls, "d", "left"), "d").x).toBe(3);
  });

  it("goes past the neighbour when it moves up or down, for less would change nothing", () => {
    const down = nudge(walls, "a", "down");
    expectSound(down);
    expect(find(down, "a")).toEqual(at("a", 0, 3));
    expect(find(down, "c")).toEqual(at("c", 0, 0));
    expect(find(nudge(down, "a", "up"), "a")).toEqual(at("a", 0, 0));
  });

  it("stays where there is nowhere to go", () => {
    for (const step of ["left", "up"] as const) expect(nudge(walls, "a", step)).toEqual(walls);
    expect(nudge(walls, "d", "down")).toEqual(walls);
    expect(nudge(walls, "unknown", "down")).toEqual(walls);
  });
});

describe("stretch", () => {
  it("grows to the right and down, and shrinks back", () => {
    const places = [at("a", 0, 0), at("b", 4, 0)];
    const wide = stretch(places, "a", "right");
    expectSound(wide);
    expect(find(wide, "a")).toEqual(at("a", 0, 0, 5));
    expect(find(stretch(wide, "a", "left"), "a").w).toBe(4);
    expect(find(stretch(places, "a", "down"), "a").h).toBe(4);
  });

  it("ends at the edge of the wall and at the least size", () => {
    expect(find(stretch([at("a", 8, 0)], "a", "right"), "a")).toEqual(at("a", 8, 0));
    expect(find(stretch([at("a", 0, 0, 2, 2)], "a", "up"), "a")).toEqual(at("a", 0, 0, 2, 2));
  });
});

describe("admit", () => {
  it("gives new panes the first free place, and leaves the others where they are", () => {
    const before = [at("a", 0, 0), at("b", 8, 0)];
    const after = admit(before, ["c", "d"], { w: 4, h: 3 });
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.slice(2)).toEqual([at("c", 4, 0), at("d", 0, 3)]);
    expect(rowsOf(after)).toBe(6);
  });

  it("places nobody twice", () => {
    expect(admit([at("a", 0, 0)], ["a"], { w: 4, h: 3 })).toHaveLength(1);
  });
});
