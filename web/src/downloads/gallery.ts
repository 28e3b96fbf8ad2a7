// Where the pictures of a gallery stand: rows of one height that fill the width, under days; and which of them are in sight. Pure.

export interface Tile {
  /** Width by height. */
  readonly ratio: number;
  /** Of the same group stand under one heading; they follow one another. */
  readonly group: string;
}

export interface Cell {
  /** Of the tile in the list. */
  readonly index: number;
  readonly x: number;
  readonly width: number;
}

/** px from the upper left corner of the gallery. */
export type Row =
  | { readonly kind: "heading"; readonly top: number; readonly height: number; readonly group: string; readonly first: number; readonly count: number }
  | CellRow;

export interface CellRow {
  readonly kind: "cells";
  readonly top: number;
  readonly height: number;
  readonly first: number;
  readonly count: number;
  /** Worked out when asked for: of thousands of rows only those in sight are. */
  readonly cells: readonly Cell[];
}

export interface Shape {
  /** Of the gallery, px. */
  readonly width: number;
  /** Of a row, px: as near to it as filling the width allows. */
  readonly height: number;
  readonly gap: number;
  /** Of a heading; 0: none. */
  readonly heading: number;
}

/** What is narrower or wider than that is shown cut: a banner must not fill a row, nor a column be a thread. */
const NARROWEST = 0.6;
const WIDEST = 2.4;
/** A last row is not blown up to fill the width beyond this. */
const MOST_STRETCH = 1.25;

export const ratioOf = (width: number | null, height: number | null): number => (width === null || height === null || width <= 0 || height <= 0 ? 1 : Math.min(WIDEST, Math.max(NARROWEST, width / height)));

/** All rows, from top to bottom. */
export function rowsOf(tiles: readonly Tile[], { width, height, gap, heading }: Shape): Row[] {
  const rows: Row[] = [];
  let top = 0;
  for (let from = 0; from < tiles.length; ) {
    const group = tiles[from]?.group ?? "";
    let to = from;
    while (to < tiles.length && tiles[to]?.group === group) to += 1;
    if (heading > 0) {
      rows.push({ kind: "heading", top, height: heading, group, first: from, count: to - from });
      top += heading;
    }
    for (let index = from; index < to; ) {
      const start = index;
      let ratios = 0;
      // As many as bring the row down to its height.
      while (index < to && (index === start || (width - (index - start) * gap) / ratios > height)) {
        ratios += ratioAt(tiles, index);
        index += 1;
      }
      // Without the last one it may be nearer to the wanted height.
      if (index - start > 1) {
        const last = ratioAt(tiles, index - 1);
        const tall = (width - (index - start - 2) * gap) / (ratios - last);
        const low = (width - (index - start - 1) * gap) / ratios;
        if (low < height && tall / height < height / low) {
          ratios -= last;
          index -= 1;
        }
      }
      const count = index - start;
      const filled = (width - (count - 1) * gap) / ratios;
      const rowHeight = Math.max(1, Math.floor(index >= to ? Math.min(filled, height * MOST_STRETCH) : filled));
      const isFull = filled <= height * MOST_STRETCH || index < to;
      rows.push({
        kind: "cells", top, height: rowHeight, first: start, count,
        get cells() {
          return cellsOf(tiles, start, count, isFull ? width : null, rowHeight, gap);
        },
      });
      top += rowHeight + gap;
    }
    from = to;
  }
  return rows;
}

const ratioAt = (tiles: readonly Tile[], index: number): number => tiles[index]?.ratio ?? 1;

/** Whole pixels, and to the edge where a row fills the width. */
function cellsOf(tiles: readonly Tile[], start: number, count: number, width: number | null, height: number, gap: number): Cell[] {
  const cells: Cell[] = [];
  const ratios = Array.from({ length: count }, (_, place) => ratioAt(tiles, start + place));
  const sum = ratios.reduce((all, one) => all + one, 0);
  const room = width === null ? sum * height : width - (count - 1) * gap;
  let passed = 0;
  for (const [place, ratio] of ratios.entries()) {
    const x = Math.round((passed / sum) * room) + place * gap;
    passed += ratio;
    cells.push({ index: start + place, x, width: Math.max(1, Math.round((passed / sum) * room) + place * gap - x) });
  }
  return cells;
}

export const heightOf = (rows: readonly Row[]): number => {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
};

/** The first row whose end is below `y`. */
function firstBelow(rows: readonly Row[], y: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle]!;
    if (row.top + row.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows between two heights: what is put on the page. */
export function rowsBetween(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const start = firstBelow(rows, from);
  let end = start;
  while (end < rows.length && rows[end]!.top < to) end += 1;
  return rows.slice(start, end);
}

/** The row that a tile is in; null: there is no such tile. */
export function rowOf(rows: readonly Row[], index: number): CellRow | null {
  return rows.find((row): row is CellRow => row.kind === "cells" && index >= row.first && index < row.first + row.count) ?? null;
}

/** Where an arrow key leads from a tile; the same one where there is nothing. */
export function neighbour(rows: readonly Row[], index: number, key: string): number {
  const lines = rows.filter((row) => row.kind === "cells");
  const here = lines.findIndex(({ first, count }) => index >= first && index < first + count);
  const line = lines[here];
  const end = lines.at(-1);
  if (line === undefined || end === undefined) return index;
  const last = end.first + end.count - 1;
  if (key === "ArrowLeft") return Math.max(0, index - 1);
  if (key === "ArrowRight") return Math.min(last, index + 1);
  if (key === "Home") return 0;
  if (key === "End") return last;
  const middle = ({ x, width }: Cell): number => x + width / 2;
  const from = middle(line.cells[index - line.first]!);
  const next = lines[key === "ArrowUp" ? here - 1 : here + 1];
  return next?.cells.reduce((best, one) => (Math.abs(middle(one) - from) < Math.abs(middle(best) - from) ? one : best)).index ?? index;
}

/** Into which square a thumbnail is to fit, px: few sizes, so that they are kept by the browser. */
export const THUMBS = [240, 480, 960] as const;
export const thumbSide = (longer: number, ratio: number): number => THUMBS.find((one) => one >= longer * ratio * 0.85) ?? THUMBS[2];
