"""What is put into a world of its own in every document: it notes where the parts are that are to be painted over."""

from __future__ import annotations

import json

WORLD = "livepane-mask"  # shares the page's elements and nothing else: the page's own script sees nothing of it

# Those with a purpose stay what they are while "show password" makes their type `text`. The extension covers the same ones.
_PURPOSES = ("current-password", "new-password", "one-time-code", "cc-number", "cc-csc")
FIELDS = ", ".join(['input[type="password" i]', *(f'input[autocomplete~="{one}" i]' for one in _PURPOSES)])

# Noted is, in every frame that the page draws: at its beginning, and again right after it has been painted. So nothing that was
# drawn for one frame only is missed, and a picture can be held against all that was there while it was taken.
# A page that stands still is left alone: to ask for every frame makes Chromium draw sixty a second of it. What wakes the notes
# is whatever can move or show something: changes of the document, what a person does, scrolling, loading, animations; and
# for each noted element an observer that sees it leave its place whatever the reason.
SCRIPT = """
(() => {
  if (globalThis.livepane) return;
  const FIELDS = %(fields)s, FRAMES = 'iframe, frame, fencedframe, object, embed';
  const LEASE = 9000, MOST = 600, PAINTED_BY = 5000;  // ms; notes; ms until a page that shows nothing counts as painted
  const STILL_FOR = 500, STIRRED_FOR = 100;  // ms until it rests: after a box has changed, after something that might have
  // What these are of can change only with the document itself; a box may be ticked, a field be valid, without a trace in it.
  const STEADY = /:(not|is|where|has|nth-[a-z-]+|(first|last|only)-(child|of-type)|root|empty|scope|host|link|any-link)\\b/g;
  const GUARDED = 60;  // elements; a page with more of them is never left alone
  const token = `${performance.timeOrigin}-${Math.random()}`;
  const late = document.readyState !== 'loading' ? performance.now() : null;
  const once = new WeakSet(), fields = new Set();  // what was a password field once stays one, whatever its type is now
  const numbers = new WeakMap();  // so that a box is known again in the next note
  const heard = new WeakSet(), names = new WeakMap(), range = document.createRange(), after = new MessageChannel();
  let roots = [document], scanned = -Infinity, took = 0;
  let selectors = [], wished = '[]', refused = null, strange = 0, present = 0;
  let counted = 0, since = null, isTurning = false, until = 0, number = 0, notes = [], newest = '', looked = 0;
  let restAt = 0, noted = [], guards = new Map(), guarded = new Set(), isFickle = false;

  const remember = (field) => { if (!once.has(field)) { once.add(field); fields.add(new WeakRef(field)); } };
  const observer = new MutationObserver((changes) => {
    for (const { target, oldValue } of changes)
      if (target.localName === 'input' && (oldValue ?? '').toLowerCase() === 'password') remember(target);
  });
  const scan = () => {
    const begun = performance.now();
    roots = [document];
    for (let at = 0; at < roots.length; at++) {
      if (!heard.has(roots[at])) {
        heard.add(roots[at]);
        observer.observe(roots[at], { subtree: true, attributeFilter: ['type'], attributeOldValue: true });
      }
      for (const one of roots[at].querySelectorAll('*')) if (one.shadowRoot) roots.push(one.shadowRoot);
    }
    scanned = performance.now();
    took = scanned - begun;
  };

  const cut = (box, clip) => clip === null ? box : [
    Math.max(box[0], clip[0]), Math.max(box[1], clip[1]), Math.min(box[2], clip[2]), Math.min(box[3], clip[3])];
  const sides = (box) => [Math.floor(box.left), Math.floor(box.top), Math.ceil(box.right), Math.ceil(box.bottom)];
  const take = (box, clip, out) => {
    if (!box.width || !box.height) return;
    const rest = cut(sides(box), clip);
    if (rest[2] > rest[0] && rest[3] > rest[1]) out.push(rest);
  };
  const text = (node, clip, out) => {
    range.selectNode(node);
    for (const box of range.getClientRects()) take(box, clip, out);
  };
  const inside = (parent, clip, out) => {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) text(node, clip, out);
      else if (node.nodeType === Node.ELEMENT_NODE) cover(node, clip, out);
    }
  };
  // An element is not only its box: what it holds may be drawn outside of it, and `display: contents` has no box at all.
  const cover = (one, clip, out) => {
    const style = getComputedStyle(one);
    if (style.display === 'none') return;
    if (style.position === 'fixed' || style.position === 'absolute') clip = null;
    const box = one.getBoundingClientRect();
    take(box, clip, out);
    if (box.left <= 0 && box.top <= 0 && box.right >= innerWidth && box.bottom >= innerHeight && clip === null) return;
    const clips = style.overflowX !== 'visible' && style.overflowY !== 'visible' && style.display !== 'inline'
      && style.display !== 'contents' && one !== document.body && one !== document.documentElement;
    const inner = clips ? cut(sides(box), clip) : clip;
    inside(one, inner, out);
    if (one.shadowRoot) inside(one.shadowRoot, inner, out);
    if (one.localName === 'slot')
      for (const node of one.assignedNodes()) {
        if (node.nodeType === Node.TEXT_NODE) text(node, inner, out);
        else if (node.nodeType === Node.ELEMENT_NODE) cover(node, inner, out);
      }
  };

  const whole = (one, out) => {
    const first = out.length;
    noted.push(one);
    cover(one, null, out);
    if (!numbers.has(one)) numbers.set(one, ++counted);
    for (let at = first; at < out.length; at++) out[at].push(numbers.get(one) * 65536 + at - first);
  };

  const isStraight = (one) => {
    for (; one; one = one.assignedSlot ?? one.parentElement ?? one.getRootNode().host) {
      const style = getComputedStyle(one);
      if (style.rotate !== 'none' || style.scale !== 'none' || style.perspective !== 'none' || (style.zoom ?? '1') !== '1'
        || (style.offsetPath ?? 'none') !== 'none' || !/^(none|matrix\\(1, 0, 0, 1, .*\\))$/.test(style.transform)) return false;
    }
    return true;
  };
  const frame = (one, out) => {
    noted.push(one);
    const name = names.get(one) ?? null;
    if (name === null) strange += 1;
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const style = getComputedStyle(one);
    const left = box.left + one.clientLeft + (parseFloat(style.paddingLeft) || 0);
    const top = box.top + one.clientTop + (parseFloat(style.paddingTop) || 0);
    out.push([name, isStraight(one), Math.round(left * 10) / 10, Math.round(top * 10) / 10, ...sides(box)]);
  };

  const look = (thoroughly) => {
    if (thoroughly || performance.now() - scanned > 20 * took) scan();
    const boxes = [], frames = [];
    noted = [];
    refused = null;
    strange = 0;
    for (const root of roots) {
      for (const field of root.querySelectorAll(FIELDS)) remember(field);
      for (const selector of selectors) {
        try {
          for (const one of root.querySelectorAll(selector)) whole(one, boxes);
        } catch { refused = selector; }
      }
      for (const one of root.querySelectorAll(FRAMES)) frame(one, frames);
    }
    present = 0;
    for (const kept of fields) {
      const field = kept.deref();
      if (field === undefined) fields.delete(kept);
      else if (field.isConnected) {
        present += 1;
        whole(field, boxes);
      }
    }
    // A view that is pinched, or a page made to fit a telephone, shows the visual viewport; else also the bars beside it.
    const { offsetLeft, offsetTop, width, height, scale } = visualViewport;
    const size = scale === 1 ? [innerWidth, innerHeight] : [width * scale, height * scale];
    const note = { view: [...size, offsetLeft, offsetTop, scale], scroll: [scrollX, scrollY], boxes, frames };
    const said = JSON.stringify(note), before = looked;
    looked = performance.now();
    if (said === newest) return;
    newest = said;
    stir(STILL_FOR);
    notes.push({ number: ++number, before, at: looked, ...note });  // until `before` it was as the last note says
    if (notes.length > MOST) {
      notes.shift();
      if (since !== null) since = notes[0].at;  // what is gone from here was seen by nobody
    }
  };
  // Something may be, or become, another one. What was noted last was true until just before.
  const stir = (time) => {
    const now = performance.now();
    restAt = Math.max(restAt, now + time);
    if (since === null || isTurning) return;
    if (now > until) return sleep();
    looked = Math.max(looked, now - STIRRED_FOR);
    isTurning = true;
    after.port2.postMessage(0);  // it may be drawn in this very frame
    requestAnimationFrame(turn);
  };
  const stirred = () => stir(STIRRED_FOR);
  const STIRRING = ['scroll', 'load', 'input', 'change', 'click', 'keydown', 'pointerover', 'focusin', 'focusout', 'toggle',
    'slotchange', 'fullscreenchange', 'transitionrun', 'transitionstart', 'animationstart', 'resize'];
  const heed = (target, isOn) => {
    for (const kind of STIRRING)
      target[isOn ? 'addEventListener' : 'removeEventListener'](kind, stirred, { capture: true, passive: true });
  };
  const changes = new MutationObserver(stirred);
  const guard = (one) => {
    const box = one.getBoundingClientRect(), known = guards.get(one);
    const place = [box.left, box.top, box.right, box.bottom];
    if (known !== undefined && known.place.every((side, at) => side === place[at])) return;
    known?.eye.disconnect();
    // The eye looks at exactly the place where the element is; at the whole view if it is nowhere.
    const { clientWidth: width, clientHeight: height } = document.documentElement ?? { clientWidth: 0, clientHeight: 0 };
    const edges = [box.top, width - box.right, height - box.bottom, box.left].map((edge) => `${-Math.floor(edge)}px`);
    const rootMargin = box.width && box.height ? edges.join(' ') : '0px';
    const eye = new IntersectionObserver(([seen]) => {
      const now = seen.boundingClientRect;
      if ([now.left, now.top, now.right, now.bottom].some((side, at) => Math.abs(side - place[at]) >= 0.5)) stirred();
    }, { root: document, rootMargin, threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] });
    eye.observe(one);
    guards.set(one, { eye, place });
  };
  // Whether every way is watched in which something can come to be elsewhere.
  const isGuarded = () => {
    const present = new Set(noted);
    if (isFickle || present.size > GUARDED) return false;
    if (roots.some((root) => root.getAnimations().some((one) => one.playState === 'running'))) return false;
    for (const root of [window, visualViewport, ...roots]) {
      if (guarded.has(root)) continue;
      guarded.add(root);
      heed(root, true);
      if (root instanceof Node) changes.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    for (const [one, { eye }] of guards) if (!present.has(one)) (eye.disconnect(), guards.delete(one));
    for (const one of present) guard(one);
    return true;
  };
  const sleep = () => {
    since = null;
    isTurning = false;
    changes.disconnect();
    for (const root of guarded) heed(root, false);
    for (const { eye } of guards.values()) eye.disconnect();
    [guards, guarded] = [new Map(), new Set()];
  };
  const turn = () => {
    if (performance.now() > until) return sleep();
    since ??= performance.now();  // only now: where no frame is drawn, or no callback called, nothing is known
    look(false);
    if (performance.now() > restAt) {
      if (isGuarded()) {
        isTurning = false;
        return;
      }
      restAt = performance.now() + STIRRED_FOR;
    }
    after.port2.postMessage(0);
    requestAnimationFrame(turn);
  };
  after.port1.onmessage = () => { if (since !== null) look(false); };
  addEventListener('pageshow', (event) => {
    if (!event.persisted || since === null) return;
    since = performance.now();
    stirred();
  });

  const painted = () => {
    const first = performance.getEntriesByType('paint')[0]?.startTime ?? late;
    return first ?? (performance.now() > PAINTED_BY ? PAINTED_BY : null);
  };
  const answer = () => {
    look(true);
    return { token, now: performance.now(), since, painted: painted(), fields: present, strange, refused, notes };
  };
  const report = (wish, confirmed, strictly, waits) => {
    if (JSON.stringify(wish) !== wished) {
      [selectors, wished, newest] = [wish, JSON.stringify(wish), ''];
      isFickle = wish.some((one) => one.replace(/\\\\.|\\[[^\\]]*\\]/g, '').replace(STEADY, '').includes(':'));
      if (since !== null) since = performance.now();
    }
    if (confirmed === 0) newest = '';  // whoever asks knows nothing yet
    notes = notes.filter((note) => note.number > confirmed);
    if (strictly) {
      if (performance.now() > until && since !== null) sleep();
      until = performance.now() + LEASE;
      if (since === null && !isTurning) {
        isTurning = true;
        requestAnimationFrame(turn);
      }
    }
    if (!waits) return answer();
    // After the page's next frame: only then are scrolls that the compositor has done by itself known here.
    return new Promise((done) => requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(answer());
      painted.port2.postMessage(0);
    }));
  };
  const strangers = (doubtful) => roots.flatMap((root) => [...root.querySelectorAll(FRAMES)])
    .filter((one) => !names.has(one) || doubtful.includes(names.get(one)));
  globalThis.livepane = { report, strangers, name: (one, id) => names.set(one, id) };
  scan();
})();
"""


def script() -> str:
    """The program."""
    return SCRIPT % {"fields": json.dumps(FIELDS)}
