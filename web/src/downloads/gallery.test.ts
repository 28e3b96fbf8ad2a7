// Rows of a gallery fill the width, keep the order, and only what is in sight is on the page.
import { expect, it } from "vitest";
import { type CellRow, heightOf, neighbour, ratioOf, type Row, rowOf, rowsBetween, rowsOf, thumbSide, type Tile } from "./gallery";

const SHAPE = { width: 1200, height: 200, gap: 8, heading: 40 };
const many = (count: number, group = "today"): Tile[] => Array.from({ length: count }, (_, index) => ({ ratio: [1.5, 0.75, 1, 1.78][index % 4]!, group }));
const cellsOf = (rows: readonly Row[]): CellRow[] => rows.filter((row) => row.kind === "cells");

it("fills every row but the last to the edge, in order, at about the wanted height", () => {
  const rows = cellsOf(rowsOf(many(103), SHAPE));
  expect(rows.flatMap(({ cells }) => cells.map(({ index }) => index))).toEqual(Array.from({ length: 103 }, (_, index) => index));
  for (const { cells, height } of rows.slice(0, -1)) {
    const last = cells.at(-1)!;
    expect(last.x + last.width).toBe(1200);
    expect(height).toBeGreaterThan(140);
    expect(height).toBeLessThan(270);
    for (const [place, cell] of cells.entries()) if (place > 0) expect(cell.x - cells[place - 1]!.x - cells[place - 1]!.width).toBe(8);
  }
});

it("does not blow up the few that are left over, and begins anew under each heading", () => {
  const rows = rowsOf([...many(1, "today"), ...many(5, "yesterday")], SHAPE);
  expect(rows.map(({ kind }) => kind)).toEqual(["heading", "cells", "heading", "cells"]);
  expect(rows[0]).toMatchObject({ group: "today", first: 0, count: 1 });
  expect(rows[2]).toMatchObject({ group: "yesterday", first: 1, count: 5, top: 40 + rows[1]!.height + 8 });
  const [first] = cellsOf(rows);
  expect(first?.height).toBe(250);
  expect(first?.cells[0]?.width).toBe(375);
});

it("has at least one in a row, however narrow the window is", () => {
  expect(cellsOf(rowsOf(many(3), { ...SHAPE, width: 60 })).map(({ cells }) => cells.length)).toEqual([1, 1, 1]);
  expect(rowsOf([], SHAPE)).toEqual([]);
});

it("puts of five thousand only what is in sight on the page", () => {
  const rows = rowsOf(many(5000), SHAPE);
  const seen = rowsBetween(rows, 20_000, 21_000);
  expect(seen.length).toBeLessThan(9);
  expect(seen[0]!.top).toBeLessThanOrEqual(20_000);
  expect(seen[0]!.top + seen[0]!.height).toBeGreaterThan(20_000);
  expect(seen.at(-1)!.top).toBeLessThan(21_000);
  expect(rowsBetween(rows, heightOf(rows) + 10, heightOf(rows) + 500)).toEqual([]);
  expect(rowsBetween(rows, -500, 0)).toEqual([]);
});

it("leads with arrow keys to what is beside, above and below", () => {
  const rows = rowsOf(many(40), SHAPE);
  const [first, second] = cellsOf(rows);
  const below = neighbour(rows, 0, "ArrowDown");
  expect(second?.cells.map(({ index }) => index)).toContain(below);
  expect(neighbour(rows, below, "ArrowUp")).toBe(0);
  expect(neighbour(rows, first!.cells.at(-1)!.index, "ArrowRight")).toBe(second!.cells[0]!.index);
  expect([neighbour(rows, 0, "ArrowLeft"), neighbour(rows, 0, "ArrowUp"), neighbour(rows, 39, "ArrowRight"), neighbour(rows, 7, "End"), neighbour(rows, 7, "Home")]).toEqual([0, 0, 39, 39, 0]);
  expect(rowOf(rows, below)).toBe(second);
  expect(rowOf(rows, 40)).toBeNull();
});

it("knows shapes that nobody knows, and asks for few sizes of thumbnails", () => {
  expect([ratioOf(null, 3), ratioOf(0, 10), ratioOf(3000, 10), ratioOf(10, 3000), ratioOf(300, 200)]).toEqual([1, 1, 2.4, 0.6, 1.5]);
  expect([thumbSide(100, 1), thumbSide(270, 1), thumbSide(300, 1), thumbSide(300, 2), thumbSide(900, 3)]).toEqual([240, 240, 480, 960, 960]);
});
