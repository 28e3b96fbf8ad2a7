// Errors of scrapers in plain words: what happened, and what can be done about it.

export interface Trouble {
  readonly code: string;
  /** Two or three words, for a list. */
  readonly short: string;
  /** A sentence that somebody understands who has not written the scraper. */
  readonly sentence: string;
  /** The server's own words; "" when it has none beyond the code. */
  readonly detail: string;
}

const WORDS: Readonly<Record<string, readonly [short: string, sentence: string]>> = {
  blocked: ["Blocked", "The site turns automatic visitors away. We keep to that, and do not try to get around it."],
  not_found: ["Not found", "The page does not exist any more."],
  login: ["Needs a login", "What we look for is behind a sign-in."],
  expired: ["Expired", "The page says that what it offered is over."],
  no_careers_page: ["No careers page", "The site answers, but no page with its openings was found."],
  unknown: ["Could not tell", "A careers page was found, but neither openings nor a word that there are none could be read from it."],
  robots_disallowed: ["Not allowed", "The site's robots.txt asks not to be read here. We keep to that."],
  timeout: ["Too slow", "The site did not answer in time."],
  dns: ["No such host", "The name leads nowhere. Is it spelt right?"],
  tls: ["Bad certificate", "The site could not prove who it is."],
  refused_target: ["Not permitted", "This address may not be fetched from here: private networks and odd ports are closed to jobs."],
  http: ["Broken answer", "The site answered with an error, or broke off."],
  budget: ["Over its limits", "The job came to its limit of time, data, requests or redirects."],
  bad_item: ["Unusable result", "The scraper gave something that is no JSON object."],
  bad_target: ["Bad target", "The scraper cannot do anything with this target."],
  browser: ["No browser", "Chromium is missing on the server, or it ended."],
  failed: ["Crashed", "The scraper itself went wrong. Its author has to look at it."],
  cancelled: ["Cancelled", "Somebody stopped it."],
};

/** What an error says: of a job ({code, message}), or in one string "code: message" or "code". */
export function troubleOf(error: string | { readonly code: string; readonly message: string }): Trouble {
  const { code, message } = typeof error === "string" ? parted(error) : error;
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  if (known === undefined) return { code, short: "Failed", sentence: message || code, detail: "" };
  return { code, short: known[0], sentence: known[1], detail: message };
}

function parted(text: string): { code: string; message: string } {
  const found = /^([a-z_]+)(?::\s*([\s\S]*))?$/.exec(text.trim());
  return found === null ? { code: "", message: text } : { code: found[1] ?? "", message: found[2] ?? "" };
}
