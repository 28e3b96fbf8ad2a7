// A browser that keeps nothing loses nothing but the next visit.
import { expect, it } from "vitest";
import { Memory } from "./memory";

/** The part of a browser's storage that is used, as long as `isFull` does not say that it is full. */
function storageOf(kept: Map<string, string>, isFull = (): boolean => false): Storage {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull()) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

it("remembers as long as the page where the browser denies its storage", () => {
  const memory = new Memory(() => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  });
  expect(memory.getItem("theme")).toBeNull();
  memory.setItem("theme", "dark");
  expect(memory.getItem("theme")).toBe("dark");
  memory.removeItem("theme");
  expect(memory.getItem("theme")).toBeNull();
});

it("keeps what it can, and the newest in any case", () => {
  const kept = new Map<string, string>();
  let isFull = false;
  const memory = new Memory(() => storageOf(kept, () => isFull));
  memory.setItem("theme", "dark");
  isFull = true;
  memory.setItem("theme", "light");
  expect([memory.getItem("theme"), kept.get("theme")]).toEqual(["light", "dark"]);
  isFull = false;
  memory.setItem("theme", "dark");
  expect([memory.getItem("theme"), kept.get("theme")]).toEqual(["dark", "dark"]);
  memory.removeItem("theme");
  expect(kept.size).toBe(0);
});
