// What users may change on the server, with its bounds, and where an error of it belongs. Pure.

export interface UserSettings {
  readonly live_screenshots: { readonly enabled: boolean; readonly quality: number; readonly frame_rate: number; readonly auto_enable: boolean; readonly highlight: boolean };
  readonly jobs: { readonly concurrency: number; readonly pages: number };
  readonly politeness: { readonly requests_per_second: number; readonly per_host: number; readonly files_per_second: number; readonly files_per_host: number; readonly respect_robots: boolean };
  readonly downloads: {
    readonly max_items: number; readonly max_bytes: number; readonly max_file_bytes: number; readonly max_seconds: number; readonly free_bytes: number;
    readonly at_once: number; readonly upgrade: boolean; readonly keep_older: boolean;
  };
}

export type Part = keyof UserSettings;
export type Value = boolean | number;

export interface SettingField {
  readonly part: Part;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: "flag" | "integer" | "number";
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  /** Shown, and not to be changed. */
  readonly isFixed: boolean;
  /** So many of the server's units (bytes, seconds) are one of those that are shown. */
  readonly scale: number;
}

const field = (part: Part, name: string, kind: SettingField["kind"], label: string, hint: string, [least, most] = [0, 1], unit = "", { isFixed = false, scale = 1 } = {}): SettingField => ({ part, name, label, hint, kind, unit, least, most, isFixed, scale });
const GIB = { scale: 2 ** 30 };
const HOURS = { scale: 3600 };

export const SECTIONS: readonly { readonly part: Part; readonly title: string; readonly hint: string; readonly fields: readonly SettingField[] }[] = [
  {
    part: "live_screenshots",
    title: "Live screenshots",
    hint: "Pictures of a job while it works, for clients that follow it. Nothing is captured while nobody looks.",
    fields: [
      field("live_screenshots", "enabled", "flag", "Enabled", "Whoever follows a job may see its page."),
      field("live_screenshots", "auto_enable", "flag", "Start by themselves", "Clients show them without being asked."),
      field("live_screenshots", "highlight", "flag", "Outline what is worked on", "Whoever watches a page sees which element a script or job is at. The page itself never does."),
      field("live_screenshots", "quality", "integer", "Quality", "Of the JPEGs: more is sharper, and heavier.", [10, 100], "%"),
      field("live_screenshots", "frame_rate", "number", "Frame rate", "At the most. 0.5 is a picture every two seconds.", [0.1, 10], "per second"),
    ],
  },
  {
    part: "jobs",
    title: "Concurrency",
    hint: "How much is done at once. What runs goes on; what waits starts as there is room.",
    fields: [
      field("jobs", "concurrency", "integer", "Jobs at a time", "The others wait in the queue.", [1, 256], "jobs"),
      field("jobs", "pages", "integer", "Pages of the browser", "Jobs that need one share them. Each takes some 100 MB of memory.", [1, 16], "pages"),
    ],
  },
  {
    part: "downloads",
    title: "Downloads",
    hint: "What one job may keep on this server's disk. What a job asks for itself can only be less.",
    fields: [
      field("downloads", "upgrade", "flag", "Look for better versions", "A later run fetches again what it finds in a better quality."),
      field("downloads", "keep_older", "flag", "Keep what was replaced", "So that before and after can be compared. It takes room."),
      field("downloads", "max_items", "integer", "Files of a job", "It ends when it has so many.", [1, 1_000_000], "files"),
      field("downloads", "max_bytes", "number", "All files of a job", "Together, on the disk.", [0.001, 2 ** 20], "GiB", GIB),
      field("downloads", "max_file_bytes", "number", "One file", "A larger one is not kept.", [0.001, 2 ** 20], "GiB", GIB),
      field("downloads", "max_seconds", "number", "Time of a job", "It ends then, with what it has.", [0.01, 168], "hours", HOURS),
      field("downloads", "at_once", "integer", "At the same time", "Files that one job fetches together.", [1, 64], "files"),
      field("downloads", "free_bytes", "number", "Leave free", "Nothing more is kept when the disk has less.", [0, 2 ** 20], "GiB", GIB),
    ],
  },
  {
    part: "politeness",
    title: "Politeness",
    hint: "How the sites of others are treated, whatever a scraper does.",
    fields: [
      field("politeness", "requests_per_second", "number", "Requests to one host", "At the most; a slower pace that robots.txt asks for counts.", [0.1, 10], "per second"),
      field("politeness", "per_host", "integer", "At the same time", "Requests to one host that may be under way together.", [1, 8], "requests"),
      field("politeness", "files_per_second", "number", "Files of one host", "Pictures and videos that are begun in a second, besides pages.", [0.1, 100], "per second"),
      field("politeness", "files_per_host", "integer", "Files at the same time", "Of one host, under way together.", [1, 32], "files"),
      field("politeness", "respect_robots", "flag", "Keep to robots.txt", "Always. It is shown here so that everybody knows.", [0, 1], "", { isFixed: true }),
    ],
  },
];

/** As it stands in a field: a number in the unit that is shown, to three places. */
export const written = ({ scale }: Pick<SettingField, "scale">, value: unknown): string => (typeof value === "boolean" ? String(value) : typeof value === "number" ? String(scale === 1 ? value : Math.round((value / scale) * 1000) / 1000) : "");

/** What is wrong with what was typed, in words; "" when nothing is. */
export function valueTrouble({ kind, least, most }: SettingField, typed: string): string {
  if (kind === "flag") return "";
  const value = Number(typed.trim().replace(",", "."));
  if (typed.trim() === "" || !Number.isFinite(value)) return "Write a number.";
  if (kind === "integer" && !Number.isInteger(value)) return "Write a whole number.";
  return value < least || value > most ? `From ${least} to ${most}.` : "";
}

export function valueOf({ kind, scale }: SettingField, typed: string): Value {
  if (kind === "flag") return typed === "true";
  const value = Number(typed.trim().replace(",", "."));
  return scale === 1 ? value : Math.round(value * scale);
}

/** Whether something else was typed than what is there: a number that is shown rounded was not changed by that. */
export const isChanged = (field: SettingField, typed: string, current: Value | undefined): boolean => typed.trim() !== written(field, current) && valueOf(field, typed) !== current;

/** Which field the server's sentence is about ("jobs.pages = 99: …"); null: none of them. */
export function fieldOf(sentence: string): { part: string; name: string; text: string } | null {
  const found = /^([a-z_]+)\.([a-z_]+)\s*=\s*(.*)$/s.exec(sentence);
  return found === null ? null : { part: found[1] ?? "", name: found[2] ?? "", text: (found[3] ?? "").replace(/^(?:'[^']*'|[^\s:]+):\s*/, "") };
}
