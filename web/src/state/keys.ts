// Keys that write a character: whether they are shortcuts, too, and which one it is on keyboards of any script.
import { browserMemory } from "./memory";

const KEY = "livepane.keys";

/** Who speaks to a computer, or types with a tremor, presses them by accident: they can be switched off (WCAG 2.1.4). */
export const areCharactersKeys = (): boolean => browserMemory.getItem(KEY) !== "no characters";
export function keepCharactersKeys(are: boolean): void {
  if (are) browserMemory.removeItem(KEY);
  else browserMemory.setItem(KEY, "no characters");
}

/** Letters, digits and signs; not the space bar, which is no character that anybody dictates. */
export const isCharacter = (key: string): boolean => Array.from(key).length === 1 && key !== " ";

/** The key as shortcuts name it: letters in lower case, and those of another script as the Latin ones in their place. */
export function keyOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (!isCharacter(key)) return key;
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  return (place !== undefined && /\p{Letter}/u.test(key) && !/\p{Script=Latin}/u.test(key) ? place : key).toLowerCase();
}
