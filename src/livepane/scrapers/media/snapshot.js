// Reads a document: its pictures, sounds and films, where they stand, what is said of them, and how the list goes on.
// Called in the page by snapshot.py with what it remembers of the document. It looks, and changes nothing.
({ memory, patterns, most }) => {
  const TEXT = 200;
  const VALUE = 4000; // characters of an attribute; lists of sources are long
  const MEDIA_FILE = new RegExp(patterns.file, "i");
  const NEXT = new RegExp(patterns.next, "iu");
  const MORE = new RegExp(patterns.more, "iu");
  const STATED = new Set(["src", "srcset", "sizes", "width", "height", "alt", "title", "poster", "type", "media", "label", "size", "res", "loading", "class", "id", "rel", "target", "download", "aria-label", "href", "role", "itemprop", "style"]);

  const short = (text, longest = TEXT) => (text || "").replace(/\s+/g, " ").trim().slice(0, longest);
  const parentOf = (node) => node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);
  const attribute = (element, name) => element.getAttribute(name) || "";

  // Attributes that can say where something is, or what it is.
  function stated(element) {
    const found = {};
    for (const { name, value } of element.attributes) {
      if (!(STATED.has(name) || name.startsWith("data-")) || !value) continue;
      // What stands in an address itself is fetched from the page when it is wanted: here its beginning is enough.
      found[name] = value.startsWith("data:") ? value.slice(0, 64) + "#" + value.length : value.slice(0, VALUE);
    }
    return found;
  }

  const places = new WeakMap();
  function place(element) {
    const parent = element.parentElement;
    if (!parent) return 1;
    let known = places.get(parent);
    if (!known) {
      known = new Map();
      const counts = {};
      for (const child of parent.children) known.set(child, (counts[child.localName] = (counts[child.localName] || 0) + 1));
      places.set(parent, known);
    }
    return known.get(element);
  }

  // A selector that finds the element from outside: of the host, for what is in a shadow tree.
  function selector(element) {
    let one = element;
    while (one.getRootNode() instanceof ShadowRoot) one = one.getRootNode().host;
    const steps = [];
    for (; one && one !== document.body && one !== document.documentElement; one = one.parentElement) {
      if (one.id && /^[A-Za-z][\w-]*$/.test(one.id) && document.querySelectorAll("#" + one.id).length === 1) {
        steps.unshift("#" + one.id);
        return steps.join(" > ");
      }
      steps.unshift(`${CSS.escape(one.localName)}:nth-of-type(${place(one)})`);
    }
    return ["body", ...steps].join(" > ");
  }

  const words = new WeakMap();
  const marks = (element) => {
    let found = words.get(element);
    if (found === undefined) {
      const name = typeof element.className === "string" ? element.className : attribute(element, "class");
      const said = [name, element.id, attribute(element, "aria-label"), attribute(element, "data-testid"), attribute(element, "role")];
      if (/^(?:data-ad|data-google|data-sponsor)/m.test(element.getAttributeNames().join("\n"))) said.push("advertisement");
      found = short(said.filter(Boolean).join(" "), 160);
      words.set(element, found);
    }
    return found;
  };

  const SECTIONING = "article, aside, main, nav, section";
  const LANDMARKS = { nav: "nav", aside: "aside", dialog: "dialog", main: "main", navigation: "nav", banner: "banner", contentinfo: "contentinfo", complementary: "aside", menu: "nav", search: "nav" };
  function landmark(element) {
    const role = attribute(element, "role");
    if (LANDMARKS[role]) return LANDMARKS[role];
    const name = element.localName;
    // As assistive technology sees them: those of an article or a section are not those of the page.
    if (name === "header" || name === "footer") return element.parentElement?.closest(SECTIONING) ? "" : name === "header" ? "banner" : "contentinfo";
    return LANDMARKS[name] || "";
  }

  const around = new WeakMap(); // what all that lies in an element has in common
  function surroundings(element) {
    if (!element) return { path: "", regions: [], marks: [], fixed: false };
    let found = around.get(element);
    if (!found) {
      const outer = surroundings(parentOf(element));
      const region = landmark(element);
      const name = marks(element);
      const style = getComputedStyle(element);
      found = {
        path: (outer.path + ">" + element.localName).slice(-300),
        regions: region ? [...outer.regions, region] : outer.regions,
        marks: name ? [name, ...outer.marks].slice(0, 8) : outer.marks,
        fixed: outer.fixed || style.position === "fixed",
        hidden: outer.hidden || style.display === "none",
        unseen: style.visibility === "hidden" || style.visibility === "collapse",
      };
      around.set(element, found);
    }
    return found;
  }

  const shown = new WeakMap(); // how many pictures and films an element holds: grids are asked once, not by each of their cells
  const alone = (element, atMost) => {
    let count = shown.get(element);
    if (count === undefined) shown.set(element, (count = element.querySelectorAll("img, video").length));
    return count <= atMost;
  };

  function linkOf(element) {
    let one = element;
    for (let steps = 0; one && steps < 8; steps++, one = parentOf(one)) {
      if ((one.localName === "a" || one.localName === "area") && one.href) {
        const href = typeof one.href === "string" ? one.href : one.href.baseVal || "";
        return { element: one, link: { ...stated(one), href: attribute(one, "href") ? href : "", text: short(one.textContent, 120) } };
      }
    }
    return { element: null, link: null };
  }

  // The link that lies over a card without holding its picture.
  function linkOfCard(element) {
    let card = parentOf(element);
    for (let steps = 0; card && steps < 4; steps++, card = parentOf(card)) {
      if (!alone(card, 2)) return null;
      const links = [...card.querySelectorAll("a[href]")];
      const goals = new Set(links.map((one) => one.href));
      if (goals.size === 1 && links[0].href.split("#")[0] !== location.href.split("#")[0]) return { ...stated(links[0]), href: links[0].href, text: short(links[0].textContent, 120) };
      if (goals.size) return null;
    }
    return null;
  }

  function caption(element) {
    const figure = element.closest("figure");
    const said = figure?.querySelector("figcaption")?.textContent;
    if (said?.trim()) return short(said);
    const name = attribute(element, "aria-labelledby");
    const label = name && element.getRootNode().getElementById?.(name)?.textContent;
    if (label?.trim()) return short(label);
    let card = element;
    for (let steps = 0; card && steps < 5; steps++, card = card.parentElement) {
      if (!alone(card, 2)) break;
      const heading = card.querySelector("h1, h2, h3, h4, h5, h6, [class*=caption i], [class*=title i], [itemprop=caption], [itemprop=name]");
      if (heading?.textContent?.trim()) return short(heading.textContent);
    }
    return "";
  }

  // Attributes of what directly holds the element alone: WooCommerce and others say there where the large one is.
  function holders(element) {
    const found = [];
    let one = parentOf(element);
    for (let steps = 0; one && steps < 3; steps++, one = parentOf(one)) {
      if (!alone(one, 1)) break;
      const said = Object.fromEntries(Object.entries(stated(one)).filter(([name]) => name.startsWith("data-")));
      if (Object.keys(said).length) found.push(said);
    }
    return found;
  }

  // What a page shows to those without scripts: the picture that a script would bring.
  function spoken(element) {
    for (const near of [element.nextElementSibling, element.previousElementSibling, element.parentElement?.nextElementSibling, element.querySelector?.("noscript")]) {
      if (near?.localName !== "noscript" || !near.textContent.includes("<img")) continue;
      const found = new DOMParser().parseFromString(near.textContent.slice(0, 20000), "text/html").querySelector("img");
      if (found) return stated(found);
    }
    return null;
  }

  const box = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    // Of a picture that was not loaded a browser shows the alternative text: the height of a line is not its height.
    const line = element.localName === "img" && element.naturalWidth < 2 && element.alt && !element.hasAttribute("height") && height < 40;
    return [left + scrollX, top + scrollY, width, line && width !== height ? 0 : height].map(Math.round);
  };

  const reported = [];
  const CURSOR = new Set(["pointer", "zoom-in", "-webkit-zoom-in"]);
  function report(kind, element, more) {
    if (reported.length >= most) return;
    const outer = surroundings(parentOf(element));
    const { element: anchor, link } = linkOf(element);
    const where = box(element);
    const said = {
      kind,
      box: where,
      attributes: stated(element),
      link: link || linkOfCard(element),
      over: !link,
      caption: caption(element),
      holders: holders(element),
      path: outer.path,
      regions: outer.regions,
      marks: [marks(element), ...outer.marks].filter(Boolean),
      fixed: outer.fixed,
      hidden: Boolean(surroundings(element).hidden || surroundings(element).unseen),
      clickable: !anchor && (CURSOR.has(getComputedStyle(element).cursor) || Boolean(element.closest("button, [role=button], [onclick]"))),
      acts: Boolean(anchor && /^(?:#|javascript:|$)/i.test(attribute(anchor, "href").trim())),
      ...more,
    };
    const text = JSON.stringify({ ...said, box: [0, 0, where[2], where[3]] });
    let known = memory.known.get(element);
    if (!known) {
      known = { id: memory.next++, text: "" };
      memory.known.set(element, known);
      memory.elements.set(known.id, new WeakRef(element));
    }
    if (known.text === text) return;
    known.text = text;
    reported.push({ id: known.id, selector: selector(element), ...said });
  }

  function image(element) {
    const picture = element.parentElement?.localName === "picture" ? [...element.parentElement.querySelectorAll("source")].map(stated) : [];
    report("image", element, {
      current: (element.currentSrc || "").startsWith("data:") ? "" : element.currentSrc || "",
      natural: element.naturalWidth > 1 ? [element.naturalWidth, element.naturalHeight] : null,
      sources: picture,
      spoken: spoken(element.parentElement?.localName === "picture" ? element.parentElement : element),
    });
  }

  function background(element) {
    const style = getComputedStyle(element);
    const lazy = ["data-bg", "data-background", "data-background-image", "data-bg-src", "data-bgset"].some((name) => element.hasAttribute(name));
    const value = style.backgroundImage;
    if ((!value || value === "none" || !/url\(|image-set\(/.test(value)) && !lazy) return;
    const { width, height } = element.getBoundingClientRect();
    if ((width < 40 || height < 40) && !lazy) return;
    const moved = style.backgroundPosition.split(",")[0].split(" ").some((one) => /^-\d/.test(one));
    report("background", element, { background: value === "none" ? "" : value.slice(0, VALUE), sprite: moved && style.backgroundSize === "auto", repeated: style.backgroundRepeat === "repeat" && style.backgroundSize === "auto" && width > 0.9 * innerWidth });
  }

  const controls = [];
  const numbers = [];
  function control(element) {
    const text = short(element.localName === "input" ? element.value : element.innerText ?? element.textContent, 60);
    const label = short(attribute(element, "aria-label") || attribute(element, "title"), 60);
    const href = element.localName === "a" && attribute(element, "href") ? element.href : "";
    const rel = attribute(element, "rel").toLowerCase().split(/\s+/).includes("next");
    const within = surroundings(element).marks.slice(0, 4).join(" ");
    const pager = /pag(?:ination|er|ing|es\b|e-?n)|nav-links|seiten/i.test(within);
    if (pager && /^\d{1,5}$/.test(text)) numbers.push({ text, href, current: /\b(?:current|active|selected)\b/i.test(marks(element)) || element.getAttribute("aria-current") !== null });
    const named = /(?:^|[\s_-])next(?:$|[\s_-])/i.test(attribute(element, "class") + " " + element.id);
    const next = rel || NEXT.test(text) || NEXT.test(label) || (named && pager);
    const more = MORE.test(text) || MORE.test(label);
    if (!next && !more) return;
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    controls.push({
      text: text || label,
      href,
      attribute: attribute(element, "href"),
      rel,
      more,
      pager: pager || rel,
      within,
      regions: surroundings(element).regions,
      selector: selector(element),
      id: remember(element),
      shown: width > 0 && height > 0 && style.visibility !== "hidden" && !surroundings(element).hidden,
      off: element.disabled === true || element.getAttribute("aria-disabled") === "true" || /\b(?:disabled|inactive|is-off)\b/i.test(marks(element)),
    });
  }
  function remember(element) {
    let known = memory.known.get(element);
    if (!known) {
      known = { id: memory.next++, text: "" };
      memory.known.set(element, known);
      memory.elements.set(known.id, new WeakRef(element));
    }
    return known.id;
  }

  let passwords = 0;
  let inner = 0;
  const frames = [];
  function walk(root) {
    for (const element of root.querySelectorAll("*")) {
      switch (element.localName) {
        case "img":
          image(element);
          break;
        case "video":
        case "audio":
          report(element.localName, element, { current: element.currentSrc || "", sources: [...element.querySelectorAll("source")].map(stated), natural: element.videoWidth ? [element.videoWidth, element.videoHeight] : null });
          break;
        case "image": // of SVG
          if (element.href?.baseVal) report("image", element, { attributes: { src: element.href.baseVal } });
          break;
        case "iframe":
        case "frame":
          frames.push({ src: element.src, name: element.name, box: box(element), marks: surroundings(element).marks, regions: surroundings(element).regions, hidden: Boolean(surroundings(element).hidden), selector: selector(element) });
          break;
        case "input":
          if (element.type === "password" && element.getBoundingClientRect().width > 0) passwords++;
          else if (element.type === "image") break;
          else if (element.type === "button" || element.type === "submit") control(element);
          break;
        case "a":
          control(element);
          if (MEDIA_FILE.test(element.href) && !element.querySelector("img, video, picture, [style*=background]")) report("link", element, {});
          background(element);
          break;
        case "button":
          control(element);
          background(element);
          break;
        case "script":
        case "style":
        case "source":
        case "picture":
        case "noscript":
        case "template":
        case "head":
        case "meta":
        case "link":
        case "title":
        case "html":
        case "body":
          break;
        default:
          if (attribute(element, "role") === "button") control(element);
          background(element);
      }
      if (element.shadowRoot) {
        inner++;
        walk(element.shadowRoot);
      }
    }
  }
  walk(document);

  const metas = [];
  for (const element of document.querySelectorAll("meta[property], meta[name], meta[itemprop], link[rel=image_src]")) {
    const name = (attribute(element, "property") || attribute(element, "name") || attribute(element, "itemprop") || "image_src").toLowerCase();
    if (/^(?:og:(?:image|video|title|type)|twitter:(?:image|player:stream)|image_src|thumbnail|image$|contenturl)/.test(name)) metas.push([name, (attribute(element, "content") || attribute(element, "href")).slice(0, VALUE)]);
  }
  const scripts = [...document.querySelectorAll("script[type='application/ld+json']")].map((one) => one.textContent.slice(0, 100000));
  const root = document.scrollingElement || document.documentElement;
  const inside = scroller();
  const count = document.getElementsByTagName("*").length;

  // What scrolls, when it is not the document itself: the largest element with a scroll bar of its own.
  function scroller() {
    if (root.scrollHeight > innerHeight + 50) return null;
    let best = null;
    for (const element of document.querySelectorAll("div, main, section, ul, body")) {
      const { width, height } = element.getBoundingClientRect();
      if (element.scrollHeight <= element.clientHeight + 50 || width * height < (innerWidth * innerHeight) / 4) continue;
      if (!/auto|scroll/.test(getComputedStyle(element).overflowY)) continue;
      if (!best || width * height > best.area) best = { element, area: width * height };
    }
    return best && { element: best.element, top: best.element.scrollTop, height: best.element.scrollHeight, view: best.element.clientHeight, box: box(best.element) };
  }

  return {
    url: location.href,
    base: document.baseURI,
    title: short(document.title),
    heading: short(document.querySelector("h1")?.textContent),
    words: count > 1500 ? "" : short(document.body?.innerText, 2000), // of pages that may be walls; it is dear on others
    passwords,
    shadows: inner,
    elements: count,
    seen: reported,
    full: reported.length >= most,
    controls: controls.slice(0, 60),
    numbers: numbers.slice(0, 60),
    following: [...document.querySelectorAll("head link[rel~=next][href], body link[rel~=next][href]")].map((one) => one.href).slice(0, 1),
    frames,
    metas,
    scripts,
    scroll: inside ? { top: inside.top, height: inside.height, view: inside.view, box: inside.box } : { top: scrollY, height: root.scrollHeight, view: innerHeight, box: null },
  };
}
