// What a saved picture is called, and what is said of it.
import { expect, it } from "vitest";
import { describe, fileName } from "./screenshot";

const AT = new Date(2026, 10, 21, 9, 3, 4);

it("is named by title and time", () => {
  expect(fileName("Alice's screen", AT)).toBe("Alice's screen 2026-11-21 09.03.04.png");
});

it.each([
  ["../../etc/passwd", "etc passwd"],
  ["a/b\\c:d*e?f\"g<h>i|j", "a b c d e f g h i j"],
  ["line\nbreak\u0000and\u202emirror", "line break and mirror"],
  ["...", "Livepane"],
  ["", "Livepane"],
  ["é".repeat(200), "é".repeat(80)],
])("a title from outside makes a name that is only a name: %j", (title, name) => {
  expect(fileName(title, AT)).toBe(`${name} 2026-11-21 09.03.04.png`);
});

it("tells size and weight, and that it is not new when it is not", () => {
  const shot = { blob: new Blob([new Uint8Array(412_000)]), width: 1_920, height: 1_080, at: AT };
  expect(describe({ ...shot, isShown: false })).toBe("1920 × 1080, 412 kB");
  expect(describe({ ...shot, isShown: true })).toContain("as it is shown");
});
