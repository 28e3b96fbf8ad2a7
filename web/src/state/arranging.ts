// What is being moved or resized on the wall right now. The hands that do it (wall/arranger.ts) are loaded when the first pane is taken.
import { useMediaQuery } from "@vueuse/core";
import { shallowRef } from "vue";
import type { Place } from "@/wall/grid";

export type Deed = "move" | "resize";

export interface Arranging {
  readonly id: string;
  readonly deed: Deed;
  readonly by: "pointer" | "keys";
  /** Where everybody would stand if it ended now. */
  readonly places: ReadonlyMap<string, Place>;
  /** px that the pointer has gone; the taken pane follows it. */
  readonly shift: { readonly x: number; readonly y: number };
}

export const arranging = shallowRef<Arranging | null>(null);
/** One column, in reading order: there is nothing to arrange. */
export const isNarrow = useMediaQuery("(max-width: 700px)");
export const loadArranger = () => import("@/wall/arranger");
