// The files that the server has kept: what can be asked of them, and a gallery that follows them as they come.
import { computed, onScopeDispose, readonly, ref, shallowRef, watch } from "vue";
import type { Download, Medium } from "@/downloads/download";
import { type Listing, newer, news, older, without } from "@/downloads/listing";
import type { GalleryLook } from "@/downloads/look";
import { addressOf, request, sentenceOf } from "./api";

export interface CollectionFacts {
  readonly name: string;
  /** That came. */
  readonly items: number;
  /** Of all their versions. */
  readonly bytes: number;
  /** Whose last try failed. */
  readonly failed: number;
}

export interface DownloadPage extends Listing<Download> {
  readonly collections: readonly CollectionFacts[];
  /** Of all that fit but for their kind. */
  readonly counts: Readonly<Partial<Record<Medium, number>>>;
}

const PAGE = 60;
/** Files come by the dozen: looked for again at most so often. */
const AGAIN_MS = 800;

/** The newest that match, or those after a page. Throws ApiError. */
export function listDownloads({ kind, collection, outcome, job, text }: GalleryLook, before: string | null = null): Promise<DownloadPage> {
  const query = new URLSearchParams({ limit: String(PAGE) });
  const wanted = { kind: kind ?? "", collection, outcome: outcome ?? "", job: job === null ? "" : String(job), q: text.trim(), before: before ?? "" };
  for (const [name, value] of Object.entries(wanted)) if (value !== "") query.set(name, value);
  return request("GET", `api/downloads?${query.toString()}`);
}

const pathOf = (id: string): string => `api/downloads/${id.split("/").map(encodeURIComponent).join("/")}`;
const versionOf = (version: number | null, mark: string): string => (version === null ? "" : `${mark}version=${version}`);

export const downloadOf = (id: string): Promise<Download> => request("GET", pathOf(id));
export const deleteDownload = (id: string): Promise<unknown> => request("DELETE", pathOf(id));
/** The file itself; without a version, the newest. */
export const fileAddress = (id: string, version: number | null = null): string => addressOf(`${pathOf(id)}/file${versionOf(version, "?")}`);
export const previewAddress = (id: string, width: number, version: number | null = null): string => addressOf(`${pathOf(id)}/preview.jpg?width=${width}${versionOf(version, "&")}`);
export const jobZipAddress = (job: number): string => addressOf(`api/jobs/${job}/files.zip`);
export const collectionZipAddress = (name: string): string => addressOf(`api/downloads/${encodeURIComponent(name)}.zip`);

/** `mayGrow`: whether what is new may be put on top now; it would push away what somebody looks at. */
export function useGallery(look: () => GalleryLook, mayGrow: () => boolean) {
  const listing = shallowRef<Listing<Download> | null>(null);
  const facts = shallowRef<Pick<DownloadPage, "collections" | "counts">>({ collections: [], counts: {} });
  /** What has come and is not shown yet. */
  const waiting = shallowRef<DownloadPage | null>(null);
  const error = ref("");
  const isLoading = ref(false);
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    const mine = ++round;
    isLoading.value = true;
    try {
      const page = await listDownloads(look());
      if (mine !== round) return;
      take(page, page);
    } catch (caught) {
      if (mine === round) error.value = sentenceOf(caught);
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }
  function take(page: DownloadPage, next: Listing<Download>): void {
    listing.value = next;
    facts.value = page;
    waiting.value = null;
    error.value = "";
  }

  async function more(): Promise<void> {
    const before = listing.value?.next ?? null;
    if (before === null || isLoading.value) return;
    const mine = round;
    isLoading.value = true;
    try {
      const page = await listDownloads(look(), before);
      if (mine === round && listing.value !== null) listing.value = older(listing.value, page);
    } catch (caught) {
      if (mine === round) error.value = sentenceOf(caught);
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }

  async function lookAgain(): Promise<void> {
    const mine = round;
    if (listing.value === null) return load();
    try {
      const page = await listDownloads(look());
      if (mine !== round) return;
      if (mayGrow() || news(listing.value, page) === 0) take(page, newer(listing.value, page));
      else {
        waiting.value = page;
        facts.value = page;
      }
    } catch {
      // The line says already that the server is away.
    }
  }
  /** Something has come, or may have. */
  function refresh(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void lookAgain();
    }, AGAIN_MS);
  }
  /** Put what has waited on top. */
  function show(): void {
    if (waiting.value !== null && listing.value !== null) take(waiting.value, newer(listing.value, waiting.value));
  }
  function forget(ids: readonly string[]): void {
    if (listing.value === null || ids.length === 0) return;
    listing.value = without(listing.value, new Set(ids));
    refresh();
  }

  watch(
    look,
    (_, before) => {
      if (before !== undefined) listing.value = null;
      waiting.value = null;
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    round += 1;
  });

  return {
    items: computed<readonly Download[] | null>(() => listing.value?.items ?? null),
    hasMore: computed(() => (listing.value?.next ?? null) !== null),
    fresh: computed(() => (waiting.value === null || listing.value === null ? 0 : news(listing.value, waiting.value))),
    collections: computed(() => facts.value.collections),
    counts: computed(() => facts.value.counts),
    error: readonly(error),
    isLoading: readonly(isLoading),
    load,
    more,
    refresh,
    show,
    forget,
  };
}
