// Keeping the picture that is shown: what was done is said, in words that stay for a while.
import { onScopeDispose, readonly, ref, shallowRef } from "vue";
import type { LivePane } from "@/player/element";
import { announce } from "./announce";
import { keep } from "./kept";
import { toLocal } from "./live";
import { canCopy, copy, describe, save, shoot } from "./screenshot";
import { lay, tray } from "./tray";

export interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

const SHOWN_MS = 6_000;

export function useShots(source: () => { stream: string; title: string; pane: LivePane | null }) {
  const notice = shallowRef<Notice | null>(null);
  const isBusy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  function tell(text: string, isBad = false): void {
    notice.value = { text, isBad };
    announce(text);
    clearTimeout(timer);
    timer = setTimeout(() => (notice.value = null), SHOWN_MS);
  }

  async function once(work: () => Promise<string>): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      tell(await work());
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
    } finally {
      isBusy.value = false;
    }
  }

  return {
    notice: readonly(notice),
    isBusy: readonly(isBusy),
    saveShot: () =>
      once(async () => {
        const { stream, title, pane } = source();
        const shot = await shoot(stream, pane, toLocal);
        return `Saved as ${save(shot, title)} (${describe(shot)})`;
      }),
    copyShot: () =>
      once(async () => {
        if (!canCopy()) throw new Error("Browsers let a page copy over https and on localhost only. Save the picture instead.");
        const { stream, pane } = source();
        const shot = shoot(stream, pane, toLocal);
        await copy(shot);
        return `Copied (${describe(await shot)})`;
      }),
    keepShot: () =>
      once(async () => {
        const { stream, title, pane } = source();
        const { blob, width, height, at } = await shoot(stream, pane, toLocal);
        const kept = await keep({ blob, width, height, stream, title, at: at.getTime() });
        lay({ kind: "kept", id: kept.id }, `${at.toLocaleTimeString(undefined, { hour12: false })} ${title}`);
        return tray.value.length > 1 ? "Kept: compare it with the other one" : "Kept: keep another one when the picture has changed";
      }),
  };
}
