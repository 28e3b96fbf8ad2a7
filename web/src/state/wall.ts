// How the wall is arranged in this browser: the size of tiles, and panes that somebody put there.
import { ref, watch } from "vue";

export const DENSITIES = ["small", "medium", "large"] as const;
export type Density = (typeof DENSITIES)[number];

const DENSITY_KEY = "livepane.density";
const PINS_KEY = "livepane.pins";

function storedDensity(): Density {
  const stored = localStorage.getItem(DENSITY_KEY);
  return DENSITIES.find((one) => one === stored) ?? "medium";
}

function storedPins(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PINS_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === "string").slice(0, 50) : [];
  } catch {
    return [];
  }
}

export const density = ref<Density>(storedDensity());
/** Screens and windows are captured when they are watched: the wall keeps the ones that were chosen. */
export const pins = ref<string[]>(storedPins());

export function pin(stream: string): void {
  if (!pins.value.includes(stream)) pins.value.push(stream);
}

export function unpin(stream: string): void {
  pins.value = pins.value.filter((one) => one !== stream);
}

watch(density, (now) => localStorage.setItem(DENSITY_KEY, now));
watch(pins, (now) => localStorage.setItem(PINS_KEY, JSON.stringify(now)), { deep: true });
