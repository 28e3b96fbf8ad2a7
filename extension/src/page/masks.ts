// Paints over what must not be in a picture, for as long as it takes; follows what moves, and leaves by itself when it is forgotten.
import { order } from "../messages";
import { html, Layer } from "./layer";
import { orphan } from "./orphan";
import { apart, bare, closed, opaque, outside, roomy } from "./inner";
import { type Covered, type CoverWish, drawn, type Uncovered } from "./page";
import { roots, type Secrets } from "./secrets";
import { around, type Box, Trail } from "./trail";

const CSS = "div { position: absolute; background: #22262e; border-radius: 3px; }";
/** Less than the time between two renewals, more than one takes. */
const YOUNG_MS = 1_000;
/** Attributes that make an element one that is always covered. */
const DECISIVE: ReadonlySet<string> = new Set(["type", "autocomplete"]);
/** A shadow tree that is attached to what was there before tells nobody, so it is looked for: more often than a picture of a stream waits before it goes out. */
const SEARCH_MS = 40;
/** A page on which that takes long has it done less often: a twentieth of its time at the most. */
const SEARCH_SHARE = 20;
/** px around an element: its focus ring and what lies between two pixels. */
const AROUND = 3;

export class Masks {
  private readonly layer = new Layer("livepane-masks", CSS);
  private wish: (CoverWish & { readonly whole: boolean }) | null = null;
  private elements: Element[] = [];
  private trails = new WeakMap<Element, Trail>();
  /** Nothing has moved since everything was painted over: what one picture shows was covered where it was. */
  private steady = false;
  private complete = false;
  private frame = 0;
  /** When a frame was met first, in ms; those that are young may have nothing painted over yet, and are covered whole. */
  private met = new WeakMap<Element, number>();
  private known = new WeakSet<Element>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private searchTimer: ReturnType<typeof setTimeout> | undefined;
  private observed = new WeakSet<Node>();
  private readonly observer = new MutationObserver((records) => {
    if (records.some((one) => this.matters(one))) this.place();
  });

  /** `shown`: whether the page says that it is shared. */
  constructor(
    private readonly secrets: Secrets,
    private readonly shown: () => boolean,
  ) {}

  /** Cover, and wait until it is painted. Asked again, it holds for another lease. */
  async cover(asked: CoverWish): Promise<Covered> {
    const again = this.wish !== null;
    const whole = asked.whole ?? this.wish?.whole ?? false;
    const wish = (this.wish = { ...asked, whole });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.off(), wish.lease);
    const frames = this.know(!again);
    const answer = (painted: boolean, wrong: string | null): Covered => ({
      painted,
      count: this.elements.length,
      closed: frames.filter((frame) => closed(frame) && roomy(frame)).length,
      opaque: frames.some(opaque),
      apart: apart(),
      outside: outside(),
      whole,
      wrong,
    });
    const before = new Set(this.elements);
    try {
      if (!again) this.on();
      this.place();
    } catch (error) {
      this.off();
      return answer(false, error instanceof Error ? error.message : String(error));
    }
    if (wish.indicated && !this.shown()) {
      this.off();
      return answer(false, "This page takes away the sign that it is shared, so it is not shared.");
    }
    const settled = again && this.complete && this.elements.every((one) => before.has(one)); // what is on the screen already
    const unseen = this.elements.every((one) => boxOf(one) === null); // a frame that is not displayed draws nothing, ever
    const painted = settled || unseen || (await drawn());
    this.complete = painted;
    if (!again) this.steady = true;
    return answer(painted, null);
  }

  uncover(token: number): Uncovered {
    const wish = this.wish;
    if (wish?.token !== token) return { held: false };
    const before = new Set(this.elements);
    this.move();
    // What the page around it has covered as a whole needs nothing of its own.
    const covered = this.complete || (wish.whole && outside());
    let held = covered && this.steady && (!wish.indicated || this.shown());
    try {
      held &&= this.secrets.find(wish.selectors, this.whole).every((element) => before.has(element) || boxOf(element) === null);
    } catch {
      held = false;
    }
    this.off();
    return { held };
  }

  off(): void {
    clearTimeout(this.timer);
    clearTimeout(this.searchTimer);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    window.removeEventListener("pagehide", this.leave);
    this.observer.disconnect();
    this.observed = new WeakSet();
    this.wish = null;
    this.elements = [];
    this.complete = this.steady = false;
    this.trails = new WeakMap();
    this.layer.lower();
  }

  /** The worker goes to all frames: those of `all`, or those that were there when it came the last time, are covered from inside now. */
  private know(all: boolean): Element[] {
    const now = performance.now();
    const frames = this.secrets.frames();
    for (const frame of frames) {
      const met = this.met.get(frame);
      if (met === undefined) this.met.set(frame, now);
      if (all || (met !== undefined && now - met > YOUNG_MS)) this.known.add(frame);
    }
    return frames;
  }

  /** Whether a frame is covered as one: nobody is in it to do better, or nobody knows. */
  private readonly whole = (frame: Element): boolean => !this.known.has(frame) || opaque(frame) || (closed(frame) ? this.wish?.whole === true : bare(frame));

  /** This document goes, and its covers with it, or it has had something uncovered: a stream must not show what was drawn before all is covered. */
  private readonly leave = (): void => {
    order("leaving", {}).catch(() => undefined); // no stream, no offscreen document
  };

  private on(): void {
    window.addEventListener("pagehide", this.leave);
    this.searchTimer = setTimeout(this.search, SEARCH_MS);
  }

  /** What it finds to cover may have been drawn already: pictures that have not gone out yet must not. */
  private readonly search = (): void => {
    if (orphan()) {
      this.off(); // nobody may look into a page any more
      return;
    }
    const begun = performance.now();
    if ([...roots(document)].some((root) => !this.observed.has(root))) {
      const before = new Set(this.elements);
      this.place();
      if (this.elements.some((one) => !before.has(one))) {
        this.steady = false;
        this.leave();
      }
    }
    if (this.wish !== null) this.searchTimer = setTimeout(this.search, Math.max(SEARCH_MS, SEARCH_SHARE * (performance.now() - begun)));
  };

  /** Changes inside a shadow tree are told to those alone who ask for that tree. */
  private readonly meet = (root: Node): void => {
    if (this.observed.has(root)) return;
    this.observed.add(root);
    this.observer.observe(root, { subtree: true, childList: true, attributes: true });
  };

  /** At each frame of the page, as long as anything is covered: a page with nothing to hide draws no frame for us. */
  private readonly follow = (): void => {
    this.frame = this.elements.length === 0 ? 0 : requestAnimationFrame(this.follow);
    this.move();
  };

  /** Whether it can have brought something to cover, or taken a cover away. A page that counts or animates changes all the time. */
  private matters({ type, target, attributeName, addedNodes, removedNodes }: MutationRecord): boolean {
    if (target === this.layer.element || (this.wish?.selectors.length ?? 0) > 0) return true;
    if (type === "attributes") return DECISIVE.has(attributeName ?? "");
    return [...addedNodes, ...removedNodes].some((one) => one.nodeType === Node.ELEMENT_NODE);
  }

  /** Find what is to be covered, also what has just come: a mutation is told before it is painted. */
  private place(): void {
    if (this.wish === null) return;
    if (orphan()) {
      this.off(); // nobody takes pictures with these any more
      return;
    }
    const found = this.secrets.find(this.wish.selectors, this.whole, this.meet);
    const same = found.length === this.elements.length && found.every((one, i) => one === this.elements[i]);
    if (!same) {
      this.elements = found;
      this.layer.root.replaceChildren(...found.map(() => html("div")));
      this.observer.takeRecords();
    }
    if (found.length > 0 && !this.layer.element.matches(":popover-open")) {
      this.layer.raise();
      this.observer.takeRecords(); // our own doing
    }
    if (this.frame === 0) this.follow();
    else this.move();
  }

  private move(): void {
    const covers = this.layer.root.children;
    const now = performance.now();
    this.elements.forEach((element, i) => {
      const trail = this.trails.get(element) ?? new Trail();
      this.trails.set(element, trail);
      if (trail.note(boxOf(element), now)) this.steady = false;
      const { style } = covers[i] as HTMLElement;
      const box = trail.cover();
      style.setProperty("display", box === null ? "none" : "block");
      if (box === null) return;
      style.setProperty("left", `${box.left - AROUND}px`);
      style.setProperty("top", `${box.top - AROUND}px`);
      style.setProperty("width", `${box.right - box.left + 2 * AROUND}px`);
      style.setProperty("height", `${box.bottom - box.top + 2 * AROUND}px`);
    });
  }
}

/** Where an element and what flows out of it is, in CSS px of its frame; null when it is not to be seen at all. */
function boxOf(element: Element): Box | null {
  const box = element.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(element);
  const seen = [box, range.getBoundingClientRect()].filter(({ width, height }) => width > 0 && height > 0);
  return seen.length === 0 ? null : seen.map(({ left, top, right, bottom }) => ({ left, top, right, bottom })).reduce(around);
}
