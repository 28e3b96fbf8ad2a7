// Light, dark, or as the system has it; remembered in this browser.
import { computed, ref, watch, watchEffect } from "vue";
import { browserMemory } from "./memory";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "livepane.theme";
const stored = browserMemory.getItem(KEY);
const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = ref(system.matches);
system.addEventListener("change", (event) => (systemIsDark.value = event.matches));

export const theme = ref<Theme>(stored === "light" || stored === "dark" ? stored : "system");
export const isDark = computed(() => (theme.value === "system" ? systemIsDark.value : theme.value === "dark"));

watch(theme, (now) => {
  if (now === "system") browserMemory.removeItem(KEY);
  else browserMemory.setItem(KEY, now);
});
watchEffect(() => {
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
});
