// What has to be painted over in one document: password fields, and what the user's selectors match, in shadow roots, too.
import { FRAMES, holds } from "./inner";

/** Also fields that a page shows in plain text for a while, as the eye beside a password does. */
export const ALWAYS = [
  'input[type="password" i]',
  'input[autocomplete~="current-password" i]',
  'input[autocomplete~="new-password" i]',
  'input[autocomplete~="one-time-code" i]',
  'input[autocomplete~="cc-number" i]',
  'input[autocomplete~="cc-csc" i]',
].join(",");
const HOSTS = new Set(
  "article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span".split(" "), // what may have a shadow root
);
/** What we put into a page ourselves has nothing to hide, and its changes are no changes of the page. */
const OWN: ReadonlySet<string> = new Set(["livepane-indicator", "livepane-masks"]);

export class Secrets {
  /** Once a password field, always one: a page that makes text of it shows the password. */
  private readonly known = new Set<WeakRef<Element>>();
  private readonly seen = new WeakSet<Element>();
  private readonly observer = new MutationObserver((records) => records.forEach((one) => this.remember(one.target as Element)));

  /** From now on, remember fields that cease to be password fields. */
  watch(): void {
    this.look(document);
    this.observer.observe(document, { subtree: true, attributes: true, attributeFilter: ["type"], attributeOldValue: true });
  }

  forget(): void {
    this.observer.disconnect();
    this.known.clear();
  }

  /**
   * The elements to cover now, with the frames that `whole` says are to be covered as one.
   * `met` is told of the document and of each shadow root. Throws a sentence about the selector that is none.
   */
  find(selectors: readonly string[], whole: (frame: Element) => boolean, met: (root: Node) => void = () => undefined): Element[] {
    const found = new Set<Element>();
    for (const root of roots(document)) {
      met(root);
      this.look(root);
      for (const selector of selectors) for (const one of matching(root, selector)) found.add(one);
      for (const frame of root.querySelectorAll(FRAMES)) if (holds(frame) && whole(frame)) found.add(frame);
    }
    for (const ref of this.known) {
      const element = ref.deref();
      if (element === undefined) this.known.delete(ref);
      else if (element.isConnected) found.add(element);
    }
    return [...found];
  }

  /** All frames that are directly in this document. */
  frames(): Element[] {
    return [...roots(document)].flatMap((root) => [...root.querySelectorAll(FRAMES)].filter(holds));
  }

  private look(root: ParentNode): void {
    for (const one of root.querySelectorAll(ALWAYS)) this.remember(one);
  }

  private remember(element: Element): void {
    if (this.seen.has(element) || element.localName !== "input") return;
    this.seen.add(element);
    this.known.add(new WeakRef(element));
  }
}

function matching(root: ParentNode, selector: string): Iterable<Element> {
  try {
    return root.querySelectorAll(selector);
  } catch {
    throw new Error(`“${selector}” is no CSS selector, so nothing is captured. Mend it in the options.`);
  }
}

/** The document and every shadow root in it, closed ones included. */
export function* roots(start: Document | ShadowRoot): Generator<Document | ShadowRoot> {
  yield start;
  for (const element of start.querySelectorAll<HTMLElement>("*")) {
    const name = element.localName;
    if ((!HOSTS.has(name) && !name.includes("-")) || OWN.has(name)) continue;
    const root = chrome.dom.openOrClosedShadowRoot(element);
    if (root !== null) yield* roots(root);
  }
}
