// The ways to a new pane, in the order in which they are offered.
import { AppWindow, Cast, Code, Globe, PanelTop } from "@lucide/vue";
import type { Component } from "vue";

export type WayId = "url" | "window" | "tab" | "machine" | "code";

export interface Way {
  readonly id: WayId;
  readonly icon: Component;
  readonly title: string;
  /** For narrow places. */
  readonly short: string;
  readonly hint: string;
}

export const WAYS: readonly Way[] = [
  { id: "url", icon: Globe, title: "Open a URL", short: "URL", hint: "A browser on the server opens it" },
  { id: "window", icon: AppWindow, title: "Window or monitor", short: "Window", hint: "Of the machine that the server runs on" },
  { id: "tab", icon: PanelTop, title: "Chrome tab", short: "Tab", hint: "By the extension, or of a Chrome that runs here" },
  { id: "machine", icon: Cast, title: "Another machine", short: "Machine", hint: "Its screen, shared with one command" },
  { id: "code", icon: Code, title: "From code", short: "Code", hint: "Two lines in a Playwright script" },
];
