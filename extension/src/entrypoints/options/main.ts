// The options: the server, the sites, what is painted over. Whatever is changed counts at once.
import { ask, type Found } from "../../messages";
import { plainServer, read, type Settings, wrongName, wrongServer } from "../../settings/settings";
import { change, load, onChange } from "../../settings/store";
import { askEverywhere, askServer, everywhere, giveBackEverywhere, onChange as onPermissions } from "../../sites/permissions";
import { part } from "../../ui/part";
import { isSelector, selectorsOf } from "../../ui/selectors";
import { followSystem } from "../../ui/theme";
import { addSites, listSites } from "./sites";

const server = part("server", HTMLInputElement);
const token = part("token", HTMLInputElement);
const name = part("name", HTMLInputElement);
const code = part("code", HTMLInputElement);
const automatic = part("automatic", HTMLInputElement);
const masks = part("masks", HTMLTextAreaElement);
const numbers = ["interval", "quality", "fps"] as const;
const tested = part("tested", HTMLParagraphElement);
const allowServer = part("allow-server", HTMLButtonElement);

let settings: Settings;

/** Show the settings, except in the field in which somebody is typing. */
function show(): void {
  const fill = (field: HTMLInputElement | HTMLTextAreaElement, value: string): void => {
    if (document.activeElement !== field) field.value = value;
  };
  fill(server, settings.server);
  fill(token, settings.token);
  fill(name, settings.name);
  fill(masks, settings.masks.join("\n"));
  for (const key of numbers) fill(part(key, HTMLInputElement), String(settings[key]));
  part("example", HTMLElement).textContent = `tab:${settings.name}-1`;
  listSites(settings, () => settings);
  void showAutomatic();
}

async function showAutomatic(): Promise<void> {
  const allowed = await everywhere();
  automatic.checked = settings.automatic && allowed;
  const said = part("automatic-said", HTMLParagraphElement);
  const lost = settings.automatic && !allowed;
  said.className = "message warn";
  said.textContent = lost ? "Chrome does not let the extension into all sites, so nothing is shared by itself. Switch it on to be asked again." : "";
}

function say(tone: "good" | "bad" | "", text: string): void {
  tested.className = `message ${tone}`;
  tested.textContent = text;
}

function describe(found: Found): [tone: "good" | "bad", text: string] {
  switch (found.kind) {
    case "livepane":
      return found.mayPublish
        ? ["good", `Connected: Livepane ${found.version}. Pictures go out while somebody watches.${versions(found.version)}`]
        : ["bad", `This is Livepane ${found.version}, but this token may not share tabs. Pair this browser with a code.`];
    case "plain":
      return ["good", "Connected: a server that takes single pictures."];
    default:
      return ["bad", found.reason];
  }
}

function versions(theirs: string): string {
  return theirs === ownVersion() ? "" : ` This extension is version ${ownVersion()}.`;
}

/** The full name is there only where it says more than the number. */
function ownVersion(): string {
  const { version_name: named, version } = chrome.runtime.getManifest();
  return named ?? version;
}

/** The address of the field, kept; null when it is none, which is said. */
async function keptServer(): Promise<string | null> {
  const wrong = wrongServer(server.value);
  part("server-said", HTMLParagraphElement).textContent = wrong ?? "";
  server.setAttribute("aria-invalid", String(wrong !== null));
  if (wrong !== null) return null;
  const plain = plainServer(server.value);
  // A token is for the server that gave it, and for no other.
  if (plain !== settings.server) settings = await change({ server: plain, token: "" });
  return plain;
}

async function test(): Promise<void> {
  const address = await keptServer();
  if (address === null) return;
  say("", "Testing…");
  const found = await ask("found", { server: address, token: settings.token });
  if (found === null) return;
  say(...describe(found));
  // A server that lets no other origin in looks as if it were not there, until Chrome lets us reach it all the same.
  allowServer.hidden = found.kind !== "away";
}

async function pair(): Promise<void> {
  const address = await keptServer();
  if (address === null) return;
  say("", "Pairing…");
  const outcome = await ask("pair", { server: address, code: code.value });
  if (outcome === null) return;
  say(outcome.ok ? "good" : "bad", outcome.text);
  if (outcome.ok) code.value = "";
}

async function setAutomatic(): Promise<void> {
  const on = automatic.checked;
  if (on && !(await askEverywhere())) {
    automatic.checked = false;
    const said = part("automatic-said", HTMLParagraphElement);
    said.className = "message bad";
    said.textContent = "Chrome was not allowed to capture pages by itself, so automatic mode stays off. Capture now in the popup works without it.";
    return;
  }
  await change({ automatic: on });
  // A right that is not needed any more is given back.
  if (!on) await giveBackEverywhere().catch(() => false);
}

function listen(): void {
  server.addEventListener("change", () => void keptServer());
  token.addEventListener("change", () => void change({ token: token.value.trim() }));
  name.addEventListener("change", () => {
    const wrong = wrongName(name.value);
    part("name-said", HTMLParagraphElement).textContent = wrong ?? "";
    name.setAttribute("aria-invalid", String(wrong !== null));
    if (wrong === null) void change({ name: name.value });
  });
  for (const key of numbers) {
    const field = part(key, HTMLInputElement);
    field.addEventListener("change", () => {
      const kept = read({ ...settings, [key]: field.valueAsNumber })[key];
      field.value = String(kept);
      void change({ [key]: kept });
    });
  }
  masks.addEventListener("change", () => {
    const selectors = selectorsOf(masks.value, isSelector);
    part("masks-said", HTMLParagraphElement).textContent = typeof selectors === "string" ? selectors : "";
    if (typeof selectors !== "string") void change({ masks: selectors });
  });
  automatic.addEventListener("change", () => void setAutomatic());
  part("test", HTMLButtonElement).addEventListener("click", () => void test());
  part("pair", HTMLButtonElement).addEventListener("click", () => void pair());
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void pair();
  });
  allowServer.addEventListener("click", () => {
    void askServer(server.value).then((allowed) => (allowed ? test() : undefined));
  });
  onPermissions(() => void showAutomatic());
  onChange((changed) => {
    settings = changed;
    show();
  });
}

followSystem();
part("version", HTMLSpanElement).textContent = ownVersion();
settings = await load();
show();
listen();
addSites(() => settings);
