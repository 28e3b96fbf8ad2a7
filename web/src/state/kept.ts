// Pictures of streams that this browser has kept to compare them: on its disk as long as there is room, else as long as the page.
export interface KeptPicture {
  readonly id: string;
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  readonly stream: string;
  readonly title: string;
  /** When it was captured, ms of this computer's clock. */
  readonly at: number;
}

/** The oldest leave when there are more. */
const MOST = 40;
const memory = new Map<string, KeptPicture>();
let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("livepane.kept", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pictures", { keyPath: "id" }).createIndex("at", "at");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the browser keeps nothing"));
  });
  return opening;
}
const settled = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the browser keeps nothing"));
  });

/** Keep a picture; what it is known by from now on. */
export async function keep(picture: Omit<KeptPicture, "id">): Promise<KeptPicture> {
  const kept = { ...picture, id: crypto.getRandomValues(new Uint32Array(2)).reduce((text, one) => text + one.toString(36), "k") };
  memory.set(kept.id, kept);
  try {
    const store = (await open()).transaction("pictures", "readwrite").objectStore("pictures");
    await settled(store.put(kept));
    const ids = await settled(store.index("at").getAllKeys());
    for (const id of ids.slice(0, Math.max(0, ids.length - MOST))) store.delete(id);
  } catch {
    // A private window has no place for it: it stays as long as the page does.
  }
  return kept;
}

/** null: this browser does not have it, or not any more. */
export async function keptPicture(id: string): Promise<KeptPicture | null> {
  const known = memory.get(id);
  if (known !== undefined) return known;
  try {
    return ((await settled((await open()).transaction("pictures").objectStore("pictures").get(id))) as KeptPicture | undefined) ?? null;
  } catch {
    return null;
  }
}

/** Those of a stream, or of all streams, oldest first. */
export async function keptPictures(stream: string | null = null): Promise<readonly KeptPicture[]> {
  let all = [...memory.values()];
  try {
    all = (await settled((await open()).transaction("pictures").objectStore("pictures").getAll())) as KeptPicture[];
  } catch {
    // As above.
  }
  return all.filter((one) => stream === null || one.stream === stream).sort((a, b) => a.at - b.at);
}
