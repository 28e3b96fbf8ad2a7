// What Chrome lets us do. Everything beyond the tab whose button was pressed is asked for when it is switched on.

const EVERYWHERE = { origins: ["<all_urls>"] };
const STREAMS = { permissions: ["tabCapture" as const] };

/** Whether pages may be captured that nobody clicked. */
export function everywhere(): Promise<boolean> {
  return chrome.permissions.contains(EVERYWHERE);
}

/** Only from a click of the user. */
export function askEverywhere(): Promise<boolean> {
  return chrome.permissions.request(EVERYWHERE);
}

export function giveBackEverywhere(): Promise<boolean> {
  return chrome.permissions.remove(EVERYWHERE);
}

/** Whether a tab may be streamed, after a click on our button in it. */
export function streams(): Promise<boolean> {
  return chrome.permissions.contains(STREAMS);
}

/** Only from a click of the user. */
export function askStreams(): Promise<boolean> {
  return chrome.permissions.request(STREAMS);
}

/** Access to one server, for one that does not let other origins in by itself. Only from a click of the user. */
export function askServer(server: string): Promise<boolean> {
  const { protocol, hostname } = new URL(server);
  return chrome.permissions.request({ origins: [`${protocol}//${hostname}/*`] });
}

/**
 * Tabs may be streamed from now on. In a tab whose button was pressed before, no further press counts as long as we are loaded:
 * "Extension has not been invoked for the current page". Loaded anew, the next press does.
 */
export function onStreams(told: () => void): void {
  chrome.permissions.onAdded.addListener(({ permissions }) => {
    if (permissions?.includes("tabCapture") === true) told();
  });
}

export function onChange(told: () => void): void {
  chrome.permissions.onAdded.addListener(told);
  chrome.permissions.onRemoved.addListener(told);
}
