// The list of sites: what is shared by itself, how often, and what is painted over there.
import { read, type Settings, type Site } from "../../settings/settings";
import { change } from "../../settings/store";
import { patternOf } from "../../sites/patterns";
import { part } from "../../ui/part";
import { isSelector, selectorsOf } from "../../ui/selectors";

const list = part("sites", HTMLUListElement);
const template = part("site", HTMLTemplateElement);
const pattern = part("pattern", HTMLInputElement);
const said = part("pattern-said", HTMLParagraphElement);

/** How each site is to be; `current` gives the newest settings. */
export function listSites(settings: Settings, current: () => Settings): void {
  part("sites-none", HTMLParagraphElement).hidden = settings.sites.length > 0;
  const there = [...list.children].map((item) => (item as HTMLElement).dataset.pattern);
  if (there.join("\n") === settings.sites.map((site) => site.pattern).join("\n")) return; // somebody may be typing in one
  list.replaceChildren(...settings.sites.map((site) => item(site, settings.interval, current)));
}

function item(site: Site, usual: number, current: () => Settings): Node {
  const node = (template.content.cloneNode(true) as DocumentFragment).querySelector("li")!;
  node.dataset.pattern = site.pattern;
  node.querySelector("code")!.textContent = site.pattern;
  const [remove, interval, masks, wrong] = [node.querySelector("button")!, node.querySelector("input")!, node.querySelector("textarea")!, node.querySelector("p")!];
  remove.setAttribute("aria-label", `Remove ${site.pattern}`);
  remove.addEventListener("click", () => {
    void change({ sites: current().sites.filter((one) => one.pattern !== site.pattern) });
    pattern.focus();
  });
  interval.setAttribute("aria-label", `Seconds between two pictures of ${site.pattern}`);
  interval.placeholder = String(usual);
  interval.value = site.interval === null ? "" : String(site.interval);
  interval.addEventListener("change", () => {
    const seconds = interval.value === "" ? null : interval.valueAsNumber;
    const kept = set(site.pattern, { interval: seconds !== null && Number.isFinite(seconds) ? seconds : null }, current);
    interval.value = kept?.interval === null || kept === undefined ? "" : String(kept.interval);
  });
  masks.setAttribute("aria-label", `Selectors of what is painted over on ${site.pattern}, one a line`);
  masks.value = site.masks.join("\n");
  masks.rows = Math.max(1, site.masks.length);
  masks.addEventListener("change", () => {
    const selectors = selectorsOf(masks.value, isSelector);
    wrong.textContent = typeof selectors === "string" ? selectors : "";
    if (typeof selectors !== "string") set(site.pattern, { masks: selectors }, current);
  });
  return node;
}

function set(pattern: string, some: Partial<Site>, current: () => Settings): Site | undefined {
  const { sites } = read({ ...current(), sites: current().sites.map((site) => (site.pattern === pattern ? { ...site, ...some } : site)) });
  void change({ sites });
  return sites.find((site) => site.pattern === pattern);
}

export function addSites(current: () => Settings): void {
  pattern.addEventListener("input", () => (said.textContent = ""));
  part("add", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = patternOf(pattern.value);
    if (wanted === null) {
      said.textContent = `“${pattern.value}” means no site. Write example.com, an address, or a pattern such as https://*.example.com/reports/*`;
      return;
    }
    if (current().sites.some((site) => site.pattern === wanted)) {
      said.textContent = `${wanted} is on the list already`;
      return;
    }
    void change({ sites: [...current().sites, { pattern: wanted, interval: null, masks: [] }] });
    pattern.value = "";
  });
}

