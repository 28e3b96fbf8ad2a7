// An element of ours above everything of the page, in a closed shadow root, that the page's styles do not reach.

/** Everything that could hide or move it is set here, and inline !important is stronger than any rule of the page. */
const HOST: Readonly<Record<string, string>> = {
  all: "initial",
  position: "fixed",
  inset: "0",
  width: "100%",
  height: "100%",
  "max-width": "none",
  "max-height": "none",
  margin: "0",
  padding: "0",
  border: "0",
  display: "block",
  overflow: "visible",
  background: "transparent",
  "pointer-events": "none",
  "z-index": "2147483647",
};

/** An element of HTML, also in a page of XML, which has none unless they are asked for by their namespace. */
export function html(name: string): HTMLElement {
  return document.createElementNS("http://www.w3.org/1999/xhtml", name);
}

export class Layer {
  readonly root: ShadowRoot;
  private readonly host: HTMLElement;
  /** How its style reads when nobody has touched it. */
  private dressed = "";

  constructor(name: string, css: string) {
    this.host = html(name);
    this.root = this.host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet(); // no <style>: the page's content security policy has no say in it
    sheet.replaceSync(css);
    this.root.adoptedStyleSheets = [sheet];
  }

  /** Put it where nothing lies above it: the newest popover is on top of dialogs, too. */
  raise(): void {
    this.dress();
    const root = document.documentElement as Element | null; // a page may take away even that
    if (root === null) return;
    if (!this.host.isConnected) root.append(this.host);
    if (typeof this.host.showPopover !== "function") return;
    try {
      if (this.host.matches(":popover-open")) this.host.hidePopover();
      this.host.showPopover();
    } catch {
      // The document is on its way out, or of a kind that has no top layer; the z-index has to do.
    }
  }

  lower(): void {
    this.host.remove();
  }

  /** Whether the page shows it, as far as its own styles and elements go. */
  get shown(): boolean {
    return this.host.isConnected && this.host.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  }

  get element(): HTMLElement {
    return this.host;
  }

  private dress(): void {
    if (this.host.getAttribute("popover") !== "manual") this.host.setAttribute("popover", "manual");
    this.host.removeAttribute("hidden");
    this.host.removeAttribute("inert");
    this.host.removeAttribute("class");
    if (this.dressed !== "" && this.host.style.cssText === this.dressed) return;
    this.host.style.cssText = "";
    for (const [property, value] of Object.entries(HOST)) this.host.style.setProperty(property, value, "important");
    this.dressed = this.host.style.cssText;
  }
}
