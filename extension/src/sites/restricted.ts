// Pages that Chrome lets no extension into, and how to say so.

const STORES = ["chromewebstore.google.com", "microsoftedge.microsoft.com"];

/** Why a page cannot be shared, in a sentence for its reader; null when it can. */
export function restriction(address: string | undefined): string | null {
  if (address === undefined || address === "") return "Chrome does not say which page this is: one of the browser itself, of another extension, or a file. Open a web page to share it.";
  if (!URL.canParse(address)) return "This page has no address that could be shared.";
  const url = new URL(address);
  switch (url.protocol) {
    case "http:":
    case "https:":
      break;
    case "chrome:":
    case "edge:":
    case "brave:":
    case "devtools:":
    case "chrome-search:":
    case "chrome-untrusted:":
      return "This is a page of the browser itself. Chrome lets no extension capture those; open a web page.";
    case "chrome-extension:":
      return "This page belongs to an extension. Chrome lets no other extension capture it.";
    case "file:":
      return "This is a file of your computer. Serve it over http to share it, for example with “python3 -m http.server”.";
    case "view-source:":
      return "Chrome lets no extension capture the source view of a page; open the page itself.";
    case "about:":
      return "This tab is empty. Open a web page to share it.";
    default:
      return `Pages whose address starts with ${url.protocol} cannot be shared; open one with http or https.`;
  }
  const store = STORES.includes(url.hostname) || (url.hostname === "chrome.google.com" && url.pathname.startsWith("/webstore"));
  return store ? "Chrome lets no extension capture the web store." : null;
}
