import { describe, expect, test } from "vitest";
import { DEFAULTS, linesOf, plainServer, read, wrongName, wrongServer } from "./settings";

describe("settings", () => {
  test("nothing stored is what is set when nothing is", () => {
    for (const stored of [undefined, null, 7, "settings", [], {}]) expect(read(stored)).toEqual(DEFAULTS);
  });

  test("what is out of bounds is brought back into them", () => {
    expect(read({ interval: 0.1, quality: 400, fps: 60 })).toMatchObject({ interval: 0.5, quality: 100, fps: 10 });
    expect(read({ interval: 3600, quality: -1, fps: 0 })).toMatchObject({ interval: 60, quality: 10, fps: 1 });
    expect(read({ interval: Number.NaN, quality: "70" })).toMatchObject({ interval: 3, quality: 70 });
  });

  test("automatic mode is on only when it was switched on", () => {
    expect(read({ automatic: "yes" }).automatic).toBe(false);
    expect(read({ automatic: true }).automatic).toBe(true);
  });

  test("a site that means no pages is left out, and the others stay", () => {
    const sites = [{ pattern: "<all_urls>" }, { pattern: "https://a.example/*", interval: 0, masks: [".x", 5, ""] }, null];
    expect(read({ sites }).sites).toEqual([{ pattern: "https://a.example/*", interval: 0.5, masks: [".x"] }]);
  });

  test("a server's address is one of http, without credentials", () => {
    expect(wrongServer("http://127.0.0.1:8000")).toBeNull();
    expect(wrongServer(" https://panes.example/live/ ")).toBeNull();
    expect(wrongServer("127.0.0.1:8000")).toContain("127.0.0.1:8000");
    expect(wrongServer("ftp://example.com")).toContain("ftp:");
    expect(wrongServer("http://me:secret@example.com")).toContain("token");
    expect(wrongServer("")).not.toBeNull();
  });

  test("an address is kept without what does not belong to it", () => {
    expect(plainServer(" http://127.0.0.1:8000/ ")).toBe("http://127.0.0.1:8000");
    expect(plainServer("https://panes.example/live/?a=1#b")).toBe("https://panes.example/live");
  });

  test("a name is one that can stand in the name of a stream", () => {
    expect(wrongName("chrome-x1")).toBeNull();
    for (const wrong of ["", "a b", "a/b", "-a", "*", "a".repeat(41)]) expect(wrongName(wrong)).not.toBeNull();
  });

  test("selectors are written one a line", () => {
    expect(linesOf(" .a \n\n#b, .c\n.a")).toEqual([".a", "#b, .c"]);
  });
});
