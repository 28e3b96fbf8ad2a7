// Reads the cards that a recipe names. It looks, and changes nothing; what it gives is text from outside.
(cards, ask) => {
  const TEXT = 200;
  const VALUE = 4000; // characters of an attribute; lists of sources are long
  const short = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, TEXT);
  const inside = (card, selector) => (card.matches(selector) ? card : card.querySelector(selector));

  // Attributes that can say where something is.
  function stated(element) {
    const found = {};
    for (const { name, value } of element.attributes) {
      const counts = /^(?:src|srcset|sizes|width|height|alt|title|poster|type|media|href|label|size|res|download|class|id|data-.*)$/.test(name);
      if (counts && value) found[name] = value.startsWith("data:") ? value.slice(0, 64) : value.slice(0, VALUE);
    }
    return found;
  }

  // A short selector that finds this very card, for those who watch.
  function path(element) {
    const steps = [];
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const name = one.id ? "#" + CSS.escape(one.id) : one.localName;
      const place = one.parentElement ? [...one.parentElement.children].indexOf(one) + 1 : 1;
      steps.unshift(one.id && document.querySelectorAll(name).length === 1 ? name : `${one.localName}:nth-child(${place})`);
      if (steps[0] === name || (steps.length > 1 && document.querySelectorAll(steps.join(" > ")).length === 1)) break;
    }
    return steps.join(" > ");
  }

  function media(element) {
    const one = element.localName === "picture" ? element.querySelector("img") : element;
    if (!one) return null;
    const sources = one.parentElement?.localName === "picture" ? one.parentElement : one;
    const anchor = one.closest("a[href]");
    const background = getComputedStyle(one).backgroundImage;
    const { left, top, width, height } = one.getBoundingClientRect();
    return {
      kind: { img: "image", video: "video", audio: "audio", a: "link" }[one.localName] || "background",
      box: [left + scrollX, top + scrollY, width, height].map(Math.round),
      attributes: stated(one),
      sources: [...sources.querySelectorAll("source")].map(stated),
      current: (one.currentSrc || "").startsWith("data:") ? "" : one.currentSrc || "",
      natural: one.naturalWidth > 1 ? [one.naturalWidth, one.naturalHeight] : one.videoWidth ? [one.videoWidth, one.videoHeight] : null,
      background: background === "none" ? "" : background.slice(0, VALUE),
      link: anchor ? { ...stated(anchor), href: anchor.href, text: short(anchor.textContent) } : null,
    };
  }

  return cards.slice(0, ask.most).map((card) => {
    const link = ask.link === null ? null : inside(card, ask.link);
    const image = ask.image === null ? null : inside(card, ask.image);
    const title = ask.title === null ? null : inside(card, ask.title);
    return {
      path: path(card),
      id: ask.id === null ? null : card.getAttribute(ask.id),
      link: link && { given: (link.getAttribute(ask.attribute) || "").trim().slice(0, VALUE), text: short(link.textContent), download: link.getAttribute("download") || "" },
      image: image && media(image),
      title: short(title ? title.textContent || title.getAttribute("alt") || title.getAttribute("title") : image?.getAttribute("alt")),
      base: document.baseURI,
      page: location.href,
    };
  });
}
