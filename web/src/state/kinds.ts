// What each kind of stream is called and which icon it has.
import { AppWindow, Cast, Globe, Laptop, ListChecks, Monitor, PanelTop } from "@lucide/vue";
import type { Component } from "vue";
import type { Kind } from "@/gen/messages";

export interface KindLook {
  readonly name: string;
  readonly icon: Component;
}

export const KINDS: Readonly<Record<Kind, KindLook>> = {
  page: { name: "Page", icon: Globe },
  tab: { name: "Tab", icon: PanelTop },
  desktop: { name: "Desktop", icon: Laptop },
  monitor: { name: "Monitor", icon: Monitor },
  window: { name: "Window", icon: AppWindow },
  producer: { name: "Remote", icon: Cast },
  job: { name: "Job", icon: ListChecks },
};

/** The kind of an id such as `page:k3f9`; an unknown one looks like a page. */
export function kindOf(stream: string): KindLook {
  const kind = stream.slice(0, Math.max(0, stream.indexOf(":")));
  return Object.hasOwn(KINDS, kind) ? KINDS[kind as Kind] : KINDS.page;
}
