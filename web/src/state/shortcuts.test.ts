import { effectScope } from "vue";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { areCharactersKeys } from "./keys";
import { hasCharacters, keyName, press, shortcutGroups, useShortcuts } from "./shortcuts";

class Element {
  constructor(private readonly kind: "field" | "box" | "other") {}
  matches(selector: string): boolean {
    return selector.includes("[type=checkbox]") ? this.kind === "box" : this.kind !== "other";
  }
}

let isDialogOpen = false;
vi.stubGlobal("HTMLElement", Element);
vi.stubGlobal("document", { querySelector: () => (isDialogOpen ? {} : null) });

function key(name: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent {
  return { key: name, code: "", target: new Element("other"), preventDefault: vi.fn(), ...more } as unknown as KeyboardEvent;
}

describe("shortcuts", () => {
  beforeEach(() => (isDialogOpen = false));

  it("run while their part is there, and are gone with it", () => {
    const scope = effectScope();
    const run = vi.fn();
    scope.run(() => useShortcuts("Wall", [{ keys: ["a"], label: "Add a pane", run }]));
    expect(press(key("A"))).toBe(true);
    expect(shortcutGroups.value).toHaveLength(1);
    scope.stop();
    expect(press(key("a"))).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
    expect(shortcutGroups.value).toHaveLength(0);
  });

  it("leave the keys to a field, to a dialog, and to the browser", () => {
    const scope = effectScope();
    const run = vi.fn();
    scope.run(() => useShortcuts("Wall", [{ keys: ["a"], label: "Add a pane", run }]));
    press(key("a", { target: new Element("field") as unknown as EventTarget }));
    press(key("a", { ctrlKey: true }));
    isDialogOpen = true;
    press(key("a"));
    expect(run).not.toHaveBeenCalled();
    scope.stop();
  });

  it("work beside a box that is ticked, but for the keys that are its own", () => {
    const scope = effectScope();
    const run = vi.fn();
    scope.run(() => useShortcuts("Wall", [{ keys: ["a", " ", "ArrowLeft"], label: "Add a pane", run }]));
    const target = new Element("box") as unknown as EventTarget;
    expect([press(key("a", { target })), press(key(" ", { target })), press(key("ArrowLeft", { target }))]).toEqual([true, false, false]);
    scope.stop();
  });

  it("of the newest part win, unless they have nothing to do now", () => {
    const scope = effectScope();
    const outer = vi.fn();
    const inner = vi.fn();
    let isBusy = true;
    scope.run(() => {
      useShortcuts("Shell", [{ keys: ["Escape"], label: "Leave", run: outer }]);
      useShortcuts("Page", [{ keys: ["Escape"], label: "Stop", run: inner, when: () => isBusy }]);
    });
    press(key("Escape"));
    isBusy = false;
    press(key("Escape"));
    expect([inner.mock.calls.length, outer.mock.calls.length]).toEqual([1, 1]);
    scope.stop();
  });

  it("of characters can be switched off, and stay so; other keys go on", async () => {
    const scope = effectScope();
    const run = vi.fn();
    scope.run(() => useShortcuts("Wall", [{ keys: ["a", "?", "1", " ", "Escape"], label: "Add a pane", run }]));
    hasCharacters.value = false;
    await nextTick();
    expect(["a", "?", "1", " ", "Escape"].map((one) => press(key(one)))).toEqual([false, false, false, true, true]);
    expect(areCharactersKeys()).toBe(false);
    hasCharacters.value = true;
    await nextTick();
    expect([press(key("a")), areCharactersKeys()]).toEqual([true, true]);
    scope.stop();
  });

  it("are where they are on a Latin keyboard when this one writes another script", () => {
    const scope = effectScope();
    const run = vi.fn();
    scope.run(() => useShortcuts("Wall", [{ keys: ["a"], label: "Add a pane", run }]));
    // Cyrillic and Greek; then the key of an "a" on a French keyboard, and what that one writes where others have an "a".
    const pressed = [["ф", "KeyA"], ["Ф", "KeyA"], ["α", "KeyA"], ["a", "KeyQ"], ["q", "KeyA"], ["ф", ""]] as const;
    expect(pressed.map(([name, code]) => press(key(name, { code })))).toEqual([true, true, true, true, false, false]);
    scope.stop();
  });

  it("are written as on a keyboard", () => {
    expect(["?", "a", "Escape", "ArrowUp"].map(keyName)).toEqual(["?", "A", "Esc", "↑"]);
  });
});
