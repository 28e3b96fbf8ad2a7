// Where the settings lie: storage.local, which pages cannot see.
import { read, type Settings } from "./settings";

const KEY = "settings";
/** The name of an installation that nobody has named lies apart: giving it must not undo what somebody sets meanwhile. */
const NAME = "given name";

export async function load(): Promise<Settings> {
  const stored = await chrome.storage.local.get<Record<string, unknown>>([KEY, NAME]);
  const settings = read(stored[KEY]);
  if (settings.name !== "") return settings;
  const given = stored[NAME];
  if (typeof given === "string") return { ...settings, name: given };
  const name = aName();
  await chrome.storage.local.set({ [NAME]: name });
  return { ...settings, name };
}

export async function change(some: Partial<Settings>): Promise<Settings> {
  const settings = read({ ...(await load()), ...some });
  await chrome.storage.local.set({ [KEY]: settings });
  return settings;
}

/** Told with the new settings whenever anybody has changed them. */
export function onChange(told: (settings: Settings) => void): void {
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === "local" && KEY in changes) void load().then(told);
  });
}

function aName(): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return `chrome-${random.toString(36).padStart(4, "0").slice(0, 4)}`;
}
