// What the server says of a file that it has kept, and the words for it. Pure.
import { weight } from "@/jobs/facts";
import { kindWords } from "@/jobs/job";

export const MEDIA = ["image", "video", "audio", "other"] as const;
export type Medium = (typeof MEDIA)[number];

/** Moments: the server's clock, ms since the Unix epoch. */
export interface Version {
  /** 1 is the first that came. */
  readonly number: number;
  readonly name: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly media_type: string;
  readonly url: string;
  /** What found it: "srcset", "linked original" … */
  readonly rule: string;
  readonly at: number;
  readonly job: number | null;
  /** 0 to 1 to the version before. */
  readonly similarity: number | null;
}

export interface Download {
  /** "collection/key" */
  readonly id: string;
  readonly collection: string;
  readonly name: string;
  readonly title: string | null;
  readonly kind: Medium;
  readonly media_type: string | null;
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string | null;
  readonly url: string | null;
  readonly source_page: string;
  readonly rule: string | null;
  readonly job: number | null;
  readonly at: number;
  /** Why the last try failed: "code: sentence". */
  readonly error: string | null;
  /** A better one that the last run could not have. */
  readonly better_failed: { readonly url: string; readonly code: string; readonly message: string } | null;
  /** Oldest first; none: it never came. */
  readonly versions: readonly Version[];
}

export const MEDIUM_WORDS: Readonly<Record<Medium, { readonly one: string; readonly many: string }>> = {
  image: { one: "Picture", many: "Pictures" },
  video: { one: "Video", many: "Videos" },
  audio: { one: "Sound", many: "Sounds" },
  other: { one: "Other file", many: "Other files" },
};

/** There is a file, whatever became of later tries. */
export const isKept = ({ versions }: Pick<Download, "versions">): boolean => versions.length > 0;
export const titleOf = ({ title, name }: Pick<Download, "title" | "name">): string => title?.trim() || name;

/** "1600 × 1067"; "" when nobody knows. */
export const dimensions = ({ width, height }: { readonly width: number | null; readonly height: number | null }): string => (width === null || height === null ? "" : `${width} × ${height}`);

const TYPES: Readonly<Record<string, string>> = { "image/jpeg": "JPEG", "image/svg+xml": "SVG", "image/x-icon": "Icon", "image/vnd.microsoft.icon": "Icon", "video/quicktime": "QuickTime", "audio/mpeg": "MP3", "video/x-matroska": "Matroska", "application/octet-stream": "Binary" };
/** "image/webp" as people call it: "WebP". */
export function typeName(media: string | null): string {
  if (media === null || media === "") return "";
  const known = TYPES[media];
  if (known !== undefined) return known;
  const short = (media.split("/")[1] ?? media).replace(/^x-/, "").split(/[+;]/)[0] ?? media;
  return short === "webp" ? "WebP" : short === "webm" ? "WebM" : short.length <= 4 ? short.toUpperCase() : kindWords(short);
}

/** "JPEG · 1600 × 1067 · 412 kB" */
export const summary = (one: Pick<Download, "media_type" | "width" | "height" | "bytes">): string => [typeName(one.media_type), dimensions(one), one.bytes === null ? "" : weight(one.bytes)].filter(Boolean).join(" · ");

/** "code: sentence" as a sentence. */
export function whyFailed(error: string | null): { readonly code: string; readonly sentence: string } {
  const found = /^([a-z_]+): (.*)$/s.exec(error ?? "");
  const code = found?.[1] ?? "";
  const sentence = found?.[2] ?? error ?? "";
  return { code, sentence: sentence.charAt(0).toUpperCase() + sentence.slice(1) };
}

/** Why what is there is not its best quality; "": it is. */
export const whyWorse = ({ better_failed: missed }: Pick<Download, "better_failed">): string => (missed === null ? "" : `Not its best quality: a better one did not come. ${whyFailed(`${missed.code}: ${missed.message}`).sentence}`);

/** What the newest version is better by than the one before, such as "6.3 × the pixels"; "": there is nothing to say. */
export function gain(before: Pick<Version, "width" | "height" | "bytes">, after: Pick<Version, "width" | "height" | "bytes">): string {
  const pixels = ({ width, height }: Pick<Version, "width" | "height">): number => (width ?? 0) * (height ?? 0);
  const [a, b, what] = pixels(before) > 0 && pixels(after) > 0 && pixels(before) !== pixels(after) ? [pixels(before), pixels(after), "the pixels"] : [before.bytes, after.bytes, "the bytes"];
  if (a <= 0 || b <= a) return "";
  const ratio = b / a;
  return ratio < 1.05 ? "" : `${ratio >= 9.95 ? Math.round(ratio) : ratio.toFixed(1).replace(/\.0$/, "")} × ${what}`;
}

/** A page of the web as one reads it in a line: "shop.example/gallery". */
export const pageWords = (address: string): string => address.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");

const OUTCOME_PARTS: readonly (readonly [string, string])[] = [["new", "new"], ["upgraded", "improved"], ["same", "there already"], ["duplicate", "twice, kept once"], ["failed", "failed"]];
/** What came of the items of a run: "12 new · 3 improved · 40 there already". */
export function outcomes(items: readonly Readonly<Record<string, unknown>>[]): string {
  const counts = new Map<unknown, number>();
  const worse = items.filter(({ better_failed: missed }) => missed !== null && missed !== undefined).length;
  for (const { outcome } of items) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...OUTCOME_PARTS.flatMap(([outcome, words]) => (counts.has(outcome) ? [`${(counts.get(outcome) ?? 0).toLocaleString("en")} ${words}`] : [])), ...(worse > 0 ? [`${worse.toLocaleString("en")} not in their best quality`] : [])].join(" · ");
}
