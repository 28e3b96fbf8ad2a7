// What a browser has kept about pictures is read with care.
import { expect, it } from "vitest";
import { readChoice } from "./picture";

it("keeps what makes sense and takes the rest for automatic", () => {
  const kept = JSON.stringify({ fps: 5, quality: 33, resolution: "720p", format: "gif" });
  expect(readChoice(kept)).toEqual({ fps: 5, quality: null, resolution: "720p", format: null });
  for (const text of [null, "null", "{", "[]", "7"]) expect(readChoice(text)).toEqual({ fps: null, quality: null, resolution: null, format: null });
});
