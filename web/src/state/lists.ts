// What the server could show: its screens and windows, and the tabs of a Chrome with a debugging port.
import { ref, type Ref } from "vue";
import { ApiError, request } from "./api";

export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly kind: "desktop" | "monitor" | "window" | "tab";
}

interface Area {
  readonly width: number;
  readonly height: number;
}
interface Monitor extends Area {
  readonly id: string | number;
  readonly name?: string | null;
}
interface Window extends Area {
  readonly handle: number;
  readonly title: string;
  readonly class: string;
  readonly visible: boolean;
}
interface Tab {
  readonly id: string;
  readonly title: string;
  readonly url: string;
}

const size = ({ width, height }: Area): string => `${width} × ${height}`;

export async function monitors(): Promise<Choice[]> {
  const { monitors: found } = await request<{ monitors: readonly Monitor[] }>("GET", "api/monitors");
  const each = found.map((monitor): Choice => {
    const id = String(monitor.id);
    const stream = id.includes(":") ? id : `monitor:${id}`;
    const detail = [monitor.name, size(monitor)].filter(Boolean).join(" · ");
    return { id: stream, title: `Monitor ${stream.slice(8)}`, detail, kind: "monitor" };
  });
  if (each.length === 0) return [];
  const all = each.length === 1 ? "the whole screen" : `all ${each.length} monitors`;
  return [{ id: "desktop:0", title: "Desktop", detail: all, kind: "desktop" }, ...each];
}

export async function windows(): Promise<Choice[]> {
  const { windows: found } = await request<{ windows: readonly Window[] }>("GET", "api/windows");
  return found.map((window) => ({
    id: `window:${window.handle}`,
    title: window.title || window.class || `Window ${window.handle}`,
    detail: [window.class, size(window), window.visible ? "" : "not visible"].filter(Boolean).join(" · "),
    kind: "window",
  }));
}

export async function chromeTabs(): Promise<Choice[]> {
  const { tabs } = await request<{ tabs: readonly Tab[] }>("GET", "api/chrome/tabs");
  return tabs.map(({ id, title, url }) => ({ id, title: title || url, detail: url, kind: "tab" }));
}

export interface Listing {
  readonly choices: Ref<readonly Choice[]>;
  readonly error: Ref<string>;
  readonly isLoading: Ref<boolean>;
  readonly load: () => Promise<void>;
}

/** A list that is asked for again on demand; an error is kept as the sentence that a person reads. */
export function useListing(fetch: () => Promise<Choice[]>): Listing {
  const choices = ref<readonly Choice[]>([]);
  const error = ref("");
  const isLoading = ref(false);
  async function load(): Promise<void> {
    if (isLoading.value) return;
    isLoading.value = true;
    try {
      choices.value = await fetch();
      error.value = "";
    } catch (caught) {
      choices.value = [];
      error.value = caught instanceof ApiError ? caught.message : String(caught);
    } finally {
      isLoading.value = false;
    }
  }
  void load();
  return { choices, error, isLoading, load };
}
