// One picture to keep: as the source has it, PNG, copied or saved.
import { addressOf, ownServer } from "@/net/server";
import type { LivePane } from "@/player/element";

export interface Shot {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  /** When it was captured. */
  readonly at: Date;
  /** The server could give no fresh one: this is what was on the screen, in the size at which it was sent. */
  readonly isShown: boolean;
}

/** The server captures anew for it; a source that does not answer by then will not. */
const PATIENCE_MS = 8_000;

/** The newest picture in the source's own size; of a source that is lost, the picture that is shown. Throws Error when there is none. */
export async function shoot(stream: string, pane: LivePane | null, toLocal: (serverMs: number) => Date): Promise<Shot> {
  try {
    const response = await fetch(addressOf(ownServer(), `streams/${encodeURIComponent(stream)}.png`), {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const blob = await response.blob();
    const size = await sizeOfPng(blob);
    const captured = Number(response.headers.get("x-captured-at"));
    return { blob, ...size, at: captured > 0 ? toLocal(captured * 1000) : new Date(), isShown: false };
  } catch (error) {
    const frame = pane?.lastFrame ?? null;
    if (pane === null || frame === null) throw new Error("There is no picture yet.", { cause: error });
    const { canvas } = pane;
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("This browser could not make a PNG of the picture.", { cause: error });
    return { blob, width: canvas.width, height: canvas.height, at: toLocal(frame.capturedAt), isShown: true };
  }
}

/** Width and height stand in the first chunk, 16 bytes in. */
async function sizeOfPng(blob: Blob): Promise<{ width: number; height: number }> {
  const view = new DataView(await blob.slice(0, 24).arrayBuffer());
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89504e47) throw new Error("what came is no PNG");
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** `Alice's screen 2026-11-21 12.03.04.png`: sorts by time, and every file system takes it. */
export function fileName(title: string, at: Date): string {
  const safe = title.replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+/g, " ").replace(/\s+/g, " ").trim();
  const short = Array.from(safe.replace(/^[.\s]+/, "")).slice(0, 80).join("").trim() || "Livepane";
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${short} ${day} ${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}.png`;
}

export function save({ blob, at }: Shot, title: string): string {
  const name = fileName(title, at);
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

/** Pictures are copied on https and on localhost only: browsers give no clipboard to other pages. */
export const canCopy = (): boolean => "clipboard" in navigator && typeof ClipboardItem === "function";

/** Safari writes to the clipboard only within the click, so the picture may still be on its way. Throws Error with what a person can do. */
export async function copy(shot: Promise<Shot>): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": shot.then(({ blob }) => blob) })]);
  } catch (error) {
    await shot; // a picture that could not be had is the better explanation
    throw new Error("This browser did not let the page copy. Allow it to use the clipboard, or save the picture.", { cause: error });
  }
}

/** `1920 × 1080, 412 kB`, and a word when it is not the newest. */
export function describe({ blob, width, height, isShown }: Shot): string {
  const kilobytes = blob.size / 1000;
  const weight = kilobytes < 1000 ? `${Math.max(1, Math.round(kilobytes))} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
  return `${width} × ${height}, ${weight}${isShown ? ", as it is shown: the source gives no new one" : ""}`;
}
