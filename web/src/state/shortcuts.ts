// The keys of the page that is shown: each part registers its own while it is there, and `?` lists them all.
import { computed, onScopeDispose, ref, shallowReactive, watch } from "vue";
import { areCharactersKeys, isCharacter, keepCharactersKeys, keyOf } from "./keys";

export interface Shortcut {
  /** As `KeyboardEvent.key` has them, letters in lower case: any of them does it, the first is shown. */
  readonly keys: readonly string[];
  readonly label: string;
  /** Left out for a key that another part handles, and that is only listed here. */
  readonly run?: (event: KeyboardEvent) => void;
  /** Whether the key does something now; it is listed all the same. */
  readonly when?: () => boolean;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const groups = shallowReactive(new Set<ShortcutGroup>());
/** In the order in which they were registered: the shell first, then the page. */
export const shortcutGroups = computed<readonly ShortcutGroup[]>(() => merged([...groups]));
export const isSheetOpen = ref(false);
/** Whether keys that write a character are shortcuts; remembered in this browser. */
export const hasCharacters = ref(areCharactersKeys());
watch(hasCharacters, keepCharactersKeys);

/** Make keys known until the component that calls this is gone. Groups with the same title are listed as one. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group: ShortcutGroup = { title, shortcuts };
  groups.add(group);
  onScopeDispose(() => groups.delete(group));
}

/** What the keys are for while somebody types, or while a dialog or a menu is open: theirs, not ours. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  // Nobody types into a box or a round one: only the keys that tick it and walk along it are its own.
  if (target instanceof HTMLElement && target.matches("input:is([type=radio], [type=checkbox])")) return event.key === " " || event.key.startsWith("Arrow");
  if (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")) return true;
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}

/** Run the shortcut of a key, the newest registration first. Returns whether there was one. */
export function press(event: KeyboardEvent): boolean {
  if (isTaken(event)) return false;
  const key = keyOf(event);
  if (isCharacter(key) && !hasCharacters.value) return false;
  for (const { shortcuts } of [...groups].reverse()) {
    const found = shortcuts.find(({ keys, run, when }) => run !== undefined && keys.includes(key) && (when?.() ?? true));
    if (found === undefined) continue;
    event.preventDefault();
    found.run?.(event);
    return true;
  }
  return false;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Enter: "Enter", " ": "Space", Arrows: "← ↑ ↓ →",
};

/** A key as it is written on a keyboard. */
export const keyName = (key: string): string => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

function merged(all: readonly ShortcutGroup[]): ShortcutGroup[] {
  const byTitle = new Map<string, Shortcut[]>();
  for (const { title, shortcuts } of all) byTitle.set(title, [...(byTitle.get(title) ?? []), ...shortcuts]);
  return [...byTitle].map(([title, shortcuts]) => ({ title, shortcuts }));
}
