// What the worker may call in a page, in each of its frames. Kept in the isolated world, which the page's scripts cannot see.

/** How the covering of one frame went. */
export interface Covered {
  /** Everything that has to be painted over is, and has been painted. */
  readonly painted: boolean;
  /** How many elements are covered. */
  readonly count: number;
  /** How many frames that it holds it cannot look into; those that take no room are not counted, here and in `apart`. */
  readonly closed: number;
  /** It holds frames of which nobody says whether we are in them. */
  readonly opaque: boolean;
  /** The document around this one cannot look into it. */
  readonly apart: boolean;
  /** So it is for this one, or for one of those around it. */
  readonly outside: boolean;
  /** It covers frames that it cannot look into as a whole. */
  readonly whole: boolean;
  /** For a person: what is wrong with it, beyond that it has not been painted. */
  readonly wrong: string | null;
}

export interface Uncovered {
  /** The covers were there all the time, and nothing new has come that they would have missed. */
  readonly held: boolean;
}

export interface CoverWish {
  readonly token: number;
  readonly selectors: readonly string[];
  /** Frames that cannot be looked into are covered whole; null: as before, at first not. */
  readonly whole: boolean | null;
  /** ms after which the covers leave by themselves: whoever put them there may have died. */
  readonly lease: number;
  /** The page must say that it is shared: nothing is captured unless its indicator is to be seen. Manual captures have none. */
  readonly indicated: boolean;
}

export interface LivepanePage {
  cover(wish: CoverWish): Promise<Covered>;
  uncover(token: number): Uncovered;
  /** Begin to ask the worker what is to be done, and say on the page that it is shared. Only in the top frame. */
  share(): Promise<void>;
  /** Ask the worker now, if it is shared: something has changed. */
  nudge(): void;
}

declare global {
  var livepanePage: LivepanePage | undefined;
}

/** Wait until the parser has come to the body: an element of ours before the head would be in its way. */
export function begun(): Promise<void> {
  const ready = (): boolean => document.readyState !== "loading" || (document.body as HTMLElement | null) !== null;
  if (ready()) return Promise.resolve();
  return new Promise((settle) => {
    const look = (): void => {
      if (!ready()) return;
      observer.disconnect();
      document.removeEventListener("readystatechange", look);
      settle();
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    document.addEventListener("readystatechange", look);
  });
}

/** Two frames are drawn and handed over before the third begins: what we have painted is in the picture by then. */
const FRAMES = 3;
const DRAWN_WITHIN_MS = 1_000;

/** Wait until what was changed is on the screen. False when the page draws nothing, as a hidden one does. */
export function drawn(): Promise<boolean> {
  return new Promise((settle) => {
    const timer = setTimeout(() => settle(false), DRAWN_WITHIN_MS);
    let left = FRAMES;
    const step = (): void => {
      left -= 1;
      if (left > 0) {
        requestAnimationFrame(step);
        return;
      }
      clearTimeout(timer);
      settle(true);
    };
    requestAnimationFrame(step);
  });
}
