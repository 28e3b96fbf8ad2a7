// Which two pictures are compared, as an address has it: "/compare?left=download:shop.example-gallery/0f3a@1&right=…". Pure.
import type { LocationQuery, LocationQueryRaw } from "vue-router";

/** A picture that can be compared. As text: "download:shop.example-gallery/0123456789abcdef@2", "moment:12/7", "kept:k3f9". */
export type Reference =
  /** A version of a download; null: the newest. */
  | { readonly kind: "download"; readonly id: string; readonly version: number | null }
  /** What a job's pane showed at a step of it. */
  | { readonly kind: "moment"; readonly job: number; readonly moment: string }
  /** A picture of a stream that this browser has kept. */
  | { readonly kind: "kept"; readonly id: string };

export const MODES = ["slider", "beside", "difference"] as const;
export type Mode = (typeof MODES)[number];

export const SIDES = ["left", "right"] as const;
export type Side = (typeof SIDES)[number];
export const otherSide = (side: Side): Side => (side === "left" ? "right" : "left");

export interface Comparison {
  readonly left: Reference | null;
  readonly right: Reference | null;
  readonly mode: Mode;
}

/** The text of a reference; null: it names nothing that could be compared. */
export function referenceFrom(text: string): Reference | null {
  const download = /^download:([^/@]+\/[^/@]+?)(?:@(\d{1,6}))?$/.exec(text);
  if (download?.[1] !== undefined) return { kind: "download", id: download[1], version: download[2] === undefined ? null : Number(download[2]) };
  const moment = /^moment:(\d{1,15})\/([^/]+)$/.exec(text);
  if (moment?.[1] !== undefined && moment[2] !== undefined) return { kind: "moment", job: Number(moment[1]), moment: moment[2] };
  const kept = /^kept:([\w-]+)$/.exec(text);
  return kept?.[1] === undefined ? null : { kind: "kept", id: kept[1] };
}

export function referenceText(reference: Reference): string {
  switch (reference.kind) {
    case "download":
      return `download:${reference.id}${reference.version === null ? "" : `@${reference.version}`}`;
    case "moment":
      return `moment:${reference.job}/${reference.moment}`;
    case "kept":
      return `kept:${reference.id}`;
  }
}

const first = (value: LocationQuery[string] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";

export function comparisonFrom(query: LocationQuery): Comparison {
  const mode = first(query.mode);
  return { left: referenceFrom(first(query.left)), right: referenceFrom(first(query.right)), mode: MODES.find((one) => one === mode) ?? "slider" };
}

export function queryOf({ left, right, mode }: Comparison): LocationQueryRaw {
  return {
    ...(left === null ? {} : { left: referenceText(left) }),
    ...(right === null ? {} : { right: referenceText(right) }),
    ...(mode === "slider" ? {} : { mode }),
  };
}

/** Where two pictures are compared: for `router.push` and `RouterLink`. */
export const compareRoute = (left: Reference, right: Reference): { readonly name: "compare"; readonly query: LocationQueryRaw } => ({ name: "compare", query: queryOf({ left, right, mode: "slider" }) });
