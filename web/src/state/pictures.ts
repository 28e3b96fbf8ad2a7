// A picture that is to be compared: fetched with what is known of it, or the reason why there is none.
import { onScopeDispose, readonly, ref, shallowRef, watch } from "vue";
import type { RouteLocationRaw } from "vue-router";
import type { Size } from "@/compare/align";
import { type Reference, referenceText } from "@/compare/reference";
import { isKept, titleOf, typeName, whyFailed } from "@/downloads/download";
import { addressOf, ApiError, refusal, request, sentenceOf } from "./api";
import { downloadOf, fileAddress, previewAddress } from "./downloads";
import { keptPicture, keptPictures } from "./kept";
import { toLocal } from "./live";
import { absolute } from "./time";

/** What else can stand in its place: the other versions, the other moments. */
export interface Choice {
  readonly reference: Reference;
  readonly label: string;
}

export interface PictureFacts {
  readonly title: string;
  /** What it is of the thing: "Version 2", "12:03:04". */
  readonly part: string;
  readonly name: string;
  readonly when: string;
  readonly rule: string;
  readonly url: string;
  readonly sourcePage: string;
  /** Where it is opened by itself; "": nowhere but here. */
  readonly open: string;
  /** The page that it belongs to. */
  readonly home: { readonly label: string; readonly to: RouteLocationRaw } | null;
  readonly choices: readonly Choice[];
}

export interface Picture {
  readonly reference: Reference;
  readonly facts: PictureFacts;
  readonly blob: Blob;
  /** For an `<img>`. */
  readonly src: string;
  /** Of the picture as it is, px. */
  readonly size: Size;
  readonly mediaType: string;
  readonly bytes: number;
  /** What one should know before one believes one's eyes; "": nothing. */
  readonly note: string;
}

interface Found {
  readonly facts: PictureFacts;
  readonly blob: Blob;
  readonly mediaType: string;
  readonly bytes: number;
  readonly size: Size | null;
  /** Shown when the browser cannot read the file itself. */
  readonly instead: string;
}

export interface MomentFacts {
  readonly id: string;
  readonly at: number;
  readonly label: string;
  readonly url: string;
}
/** What a job's pane showed at its steps, oldest first. Throws ApiError. */
export const momentsOf = async (job: number): Promise<readonly MomentFacts[]> => (await request<{ moments: readonly MomentFacts[] }>("GET", `api/jobs/${job}/moments`)).moments;

/** Wide enough to see what a preview can show. */
const INSTEAD_WIDTH = 1600;
const clock = (at: Date): string => at.toLocaleTimeString(undefined, { hour12: false });

async function blobOf(address: string): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new ApiError(0, "The server cannot be reached. Is it running?");
  }
  if (!response.ok) throw refusal(response, await response.json().catch(() => null));
  return response.blob();
}

async function find(reference: Reference): Promise<Found> {
  switch (reference.kind) {
    case "download":
      return findDownload(reference.id, reference.version);
    case "moment":
      return findMoment(reference.job, reference.moment);
    case "kept":
      return findKept(reference.id);
  }
}

async function findDownload(id: string, wanted: number | null): Promise<Found> {
  const one = await downloadOf(id).catch((caught: unknown) => {
    throw caught instanceof ApiError && caught.status === 404 ? new ApiError(404, "This download is not kept any more: it was deleted, or its folder was.") : caught;
  });
  if (!isKept(one)) throw new Error(`This file never came. ${whyFailed(one.error).sentence}`);
  const version = wanted === null ? one.versions.at(-1) : one.versions.find(({ number }) => number === wanted);
  if (version === undefined) throw new Error(`${one.name} has no version ${wanted ?? ""} any more. It has ${one.versions.map(({ number }) => number).join(", ")}.`);
  const type = typeName(version.media_type);
  if (version.media_type === "image/svg+xml") throw new Error("An SVG can carry scripts: it is kept, and not shown here. Download it to look at it.");
  if (!version.media_type.startsWith("image/")) throw new Error(`${version.name} is no picture but ${type === "" ? "another file" : type}: only pictures are compared.`);
  const blob = await blobOf(fileAddress(id, version.number));
  return {
    facts: {
      title: titleOf(one),
      part: one.versions.length > 1 ? `Version ${version.number}` : "",
      name: version.name,
      when: absolute(toLocal(version.at)),
      rule: version.rule,
      url: version.url,
      sourcePage: one.source_page,
      open: fileAddress(id, version.number),
      home: { label: "Downloads", to: { name: "downloads", query: { open: id } } },
      choices: one.versions.map(({ number, width, height }) => ({ reference: { kind: "download", id, version: number }, label: `v${number}${width === null ? "" : ` · ${width} × ${height ?? ""}`}` })),
    },
    blob,
    mediaType: version.media_type,
    bytes: version.bytes,
    size: version.width === null || version.height === null ? null : { width: version.width, height: version.height },
    instead: previewAddress(id, INSTEAD_WIDTH, version.number),
  };
}

async function findMoment(job: number, id: string): Promise<Found> {
  const all = await momentsOf(job);
  const one = all.find((moment) => moment.id === id);
  if (one === undefined) throw new Error(`Job ${job} does not have this moment any more: pictures of its steps are kept in memory, and the oldest make room.`);
  const address = addressOf(one.url);
  const blob = await blobOf(address);
  const at = toLocal(one.at);
  return {
    facts: {
      title: one.label, part: clock(at), name: `job-${job}-${id}.jpg`, when: absolute(at), rule: "", url: "", sourcePage: "", open: address,
      home: { label: `Job ${job}`, to: { name: "job", params: { id: job } } },
      choices: all.map((moment) => ({ reference: { kind: "moment", job, moment: moment.id }, label: `${clock(toLocal(moment.at))} · ${moment.label}` })),
    },
    blob, mediaType: blob.type || "image/jpeg", bytes: blob.size, size: null, instead: "",
  };
}

async function findKept(id: string): Promise<Found> {
  const one = await keptPicture(id);
  if (one === null) throw new Error("Pictures of streams are kept in the browser that took them: this one does not have it, or not any more.");
  const all = await keptPictures(one.stream);
  const at = new Date(one.at);
  return {
    facts: {
      title: one.title, part: clock(at), name: `${one.title} ${clock(at)}`, when: absolute(at), rule: "", url: "", sourcePage: "", open: "",
      home: { label: one.title, to: { name: "stream", params: { stream: one.stream } } },
      choices: all.map((other) => ({ reference: { kind: "kept", id: other.id }, label: `${clock(new Date(other.at))} · ${other.width} × ${other.height}` })),
    },
    blob: one.blob, mediaType: one.blob.type, bytes: one.blob.size, size: { width: one.width, height: one.height }, instead: "",
  };
}

/** Throws when the browser cannot read it. */
async function sizeOf(src: string): Promise<Size> {
  const image = new Image();
  image.src = src;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** A picture for the screen. Throws Error with what a person can understand. */
async function load(reference: Reference): Promise<Picture> {
  const { facts, blob, mediaType, bytes, size, instead } = await find(reference);
  const src = URL.createObjectURL(blob);
  try {
    return { reference, facts, blob, src, size: await sizeOf(src), mediaType, bytes, note: "" };
  } catch {
    URL.revokeObjectURL(src);
  }
  const what = typeName(mediaType) || "this kind of picture";
  if (instead === "") throw new Error(`This browser cannot read it: it is no picture, or cut off.`);
  const preview = await blobOf(instead).catch(() => {
    throw new Error(`It is kept as ${what}, and neither this browser nor the server can make a picture of it: it may be cut off or broken. Download it to try another program.`);
  });
  const previewSrc = URL.createObjectURL(preview);
  const shown = await sizeOf(previewSrc);
  return { reference, facts, blob: preview, src: previewSrc, size: size ?? shown, mediaType, bytes, note: `This browser cannot show ${what}: what is seen is a preview of ${shown.width} × ${shown.height}.` };
}

/** So many are held: both sides, and those that one goes back to. */
const MOST = 6;

/** Pictures of a page, fetched once: what is swapped or chosen again is there at once. */
export function usePictures() {
  const held = new Map<string, Promise<Picture>>();
  const release = (one: Promise<Picture>): void => void one.then(({ src }) => URL.revokeObjectURL(src), () => undefined);

  function get(reference: Reference): Promise<Picture> {
    const key = referenceText(reference);
    const known = held.get(key) ?? load(reference);
    held.delete(key);
    held.set(key, known);
    known.catch(() => held.delete(key));
    for (const [oldest, one] of [...held].slice(0, Math.max(0, held.size - MOST))) {
      held.delete(oldest);
      release(one);
    }
    return known;
  }
  onScopeDispose(() => held.forEach(release));

  /** The picture of a reference, as it changes. */
  function use(reference: () => Reference | null) {
    const picture = shallowRef<Picture | null>(null);
    const error = ref("");
    const isLoading = ref(false);
    let round = 0;

    async function reload(): Promise<void> {
      const mine = ++round;
      const wanted = reference();
      error.value = "";
      isLoading.value = wanted !== null;
      let found: Picture | null = null;
      try {
        found = wanted === null ? null : await get(wanted);
      } catch (caught) {
        if (mine === round) error.value = sentenceOf(caught);
      }
      if (mine !== round) return;
      picture.value = found;
      isLoading.value = false;
    }
    watch(() => { const now = reference(); return now === null ? "" : referenceText(now); }, () => void reload(), { immediate: true });
    onScopeDispose(() => (round += 1));
    return { picture, error: readonly(error), isLoading: readonly(isLoading), reload };
  }
  return { use };
}
