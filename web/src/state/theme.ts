// Light, dark, or as the system has it; remembered in this browser.
import { computed, ref, watchEffect } from "vue";

type Choice = "system" | "light" | "dark";

const KEY = "livepane.theme";
const stored = localStorage.getItem(KEY);
const choice = ref<Choice>(stored === "light" || stored === "dark" ? stored : "system");
const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = ref(system.matches);
system.addEventListener("change", (event) => (systemIsDark.value = event.matches));

export const isDark = computed(() => (choice.value === "system" ? systemIsDark.value : choice.value === "dark"));

/** Switch to the other one. Back on the system's own choice, follow the system again. */
export function toggleTheme(): void {
  const next = isDark.value ? "light" : "dark";
  choice.value = (next === "dark") === systemIsDark.value ? "system" : next;
  if (choice.value === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice.value);
}

watchEffect(() => {
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
});
