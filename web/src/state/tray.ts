// Pictures that somebody has put aside to compare them: two at the most, the newest of them; kept as long as the tab.
import { useStorage } from "@vueuse/core";
import { computed } from "vue";
import { type Reference, referenceFrom, referenceText } from "@/compare/reference";
import { tabMemory } from "./memory";

interface Laid {
  readonly reference: string;
  readonly title: string;
}
export interface Picked {
  readonly reference: Reference;
  readonly title: string;
}

const laid = useStorage<readonly Laid[]>("livepane.compare", [], tabMemory);

export const tray = computed<readonly Picked[]>(() =>
  laid.value.flatMap(({ reference, title }) => {
    const found = referenceFrom(reference);
    return found === null ? [] : [{ reference: found, title }];
  }),
);
export const isLaid = (reference: Reference): boolean => laid.value.some((one) => one.reference === referenceText(reference));

/** On the tray; the one that has been there longest makes room. */
export function lay(reference: Reference, title: string): void {
  const text = referenceText(reference);
  laid.value = [...laid.value.filter((one) => one.reference !== text), { reference: text, title }].slice(-2);
}
export function take(reference: Reference): void {
  laid.value = laid.value.filter((one) => one.reference !== referenceText(reference));
}
export const clearTray = (): void => void (laid.value = []);
