// What a screen reader is told when something happens that eyes see by themselves.
import { nextTick, ref } from "vue";

export const announcement = ref("");

/** Say this once, after what is being said. The same words twice are said twice. */
export function announce(text: string): void {
  announcement.value = "";
  void nextTick(() => (announcement.value = text));
}
