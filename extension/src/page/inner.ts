// The frames inside a document: which there are, whether somebody of ours is in them, and whether that can be known at all.

/** What may be a frame. */
export const FRAMES = "iframe, frame, object, embed, fencedframe";
/** An embedded thing of these kinds is no document with fields in it. */
const HARMLESS = /^(image|audio|video)\/|^application\/(pdf|x-google-chrome-pdf)$/i;

/** Whether it is a frame with a document in it now, as far as anybody can say. */
export function holds(frame: Element): boolean {
  switch (frame.localName) {
    case "object":
      return (frame as HTMLObjectElement).contentWindow !== null; // an image has none
    case "embed":
      return !HARMLESS.test((frame as HTMLEmbedElement).type) && document.contentType !== "application/pdf"; // Chrome's own viewer is one
    default:
      return true;
  }
}

/** A frame of which nobody says whether we are in it. */
export function opaque(frame: Element): boolean {
  return frame.localName === "embed" || frame.localName === "fencedframe";
}

/** A frame whose document cannot be seen from here: it is of another origin. */
export function closed(frame: Element): boolean {
  try {
    return (frame as HTMLIFrameElement).contentDocument === null;
  } catch {
    return true;
  }
}

/** A frame whose document can be seen from here, has something in it, and does not have our script. */
export function bare(frame: Element): boolean {
  const { contentDocument, contentWindow } = frame as HTMLIFrameElement;
  // Of the same isolated world: what the page's scripts have put there is not seen.
  if ((contentWindow as (Window & typeof globalThis) | null)?.livepanePage !== undefined) return false;
  const root = contentDocument?.body ?? contentDocument?.documentElement;
  return root?.hasChildNodes() === true; // one that is loaded when it is scrolled to is empty until then
}

/** Whether a frame takes any room; what a blocker of advertisements stops takes none. */
export function roomy(frame: Element): boolean {
  const { width, height } = frame.getBoundingClientRect();
  return width > 0 && height > 0;
}

/** The document around this one cannot look into it, and this one takes room there. */
export function apart(): boolean {
  return window !== window.parent && innerWidth > 0 && innerHeight > 0 && framed(window) === null;
}

/** A document around this one, however far out, cannot look into what it holds there. */
export function outside(): boolean {
  for (let at: Window = window; at !== at.parent; at = at.parent) if (framed(at) === null) return true;
  return false;
}

function framed(inner: Window): Element | null {
  try {
    return inner.frameElement;
  } catch {
    return null;
  }
}
