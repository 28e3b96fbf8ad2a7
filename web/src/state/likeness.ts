// How alike the two pictures of the page are, asked of a worker.
import { onScopeDispose, readonly, ref, watch } from "vue";
import address from "@/compare/likeness.worker.ts?worker&url";
import type { Answered, Asked } from "@/compare/likeness.worker";
import type { Picture } from "./pictures";

/** A worker from our own files; the page's policy asks that somebody vouches for its address. */
function start(): Worker {
  const { trustedTypes: trusted } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } } };
  const url = trusted === undefined ? address : trusted.createPolicy("livepane-likeness", { createScriptURL: () => address }).createScriptURL(address);
  return new Worker(url, { type: "module" });
}

let worker: Worker | null = null;

/** 0 to 1; undefined: not known yet; null: this browser could not tell. */
export function useLikeness(left: () => Picture | null, right: () => Picture | null) {
  const share = ref<number | null | undefined>();
  let asked = 0;
  const answered = ({ data: { id, share: found } }: MessageEvent<Answered>): void => {
    if (id === asked) share.value = found;
  };
  const failed = (): void => void (share.value = null);

  watch(
    [left, right],
    async ([one, other]) => {
      share.value = undefined;
      const mine = ++asked;
      if (one === null || other === null) return;
      if (await isSameFile(one.blob, other.blob)) {
        if (mine === asked) share.value = 1;
        return;
      }
      if (mine !== asked) return;
      try {
        if (worker === null) worker = start();
        worker.addEventListener("message", answered);
        worker.addEventListener("error", failed);
        worker.postMessage({ id: mine, left: { blob: one.blob, ...one.size }, right: { blob: other.blob, ...other.size } } satisfies Asked);
      } catch {
        share.value = null;
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    asked += 1;
    worker?.removeEventListener("message", answered);
    worker?.removeEventListener("error", failed);
  });
  return readonly(share);
}

/** Byte for byte. */
async function isSameFile(one: Blob, other: Blob): Promise<boolean> {
  if (one.size !== other.size) return false;
  const [a, b] = await Promise.all([one, other].map(async (blob) => new Uint8Array(await blob.arrayBuffer())));
  return a !== undefined && b !== undefined && a.every((byte, index) => byte === b[index]);
}
