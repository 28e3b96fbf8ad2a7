"""What is inside the tab of the wall bench: eyes for our own wall, and two naive walls to compare it with."""

from __future__ import annotations

# Before any script of the page: counts what a socket brings, and keeps the age of every painted picture. All of its memory
# is taken at once, so that the counting does not look like a leak of the page.
EYES = """
window.seen = {
  ages: new Float32Array(1 << 18), count: 0, panes: new Map(), binary: 0, text: 0, first: null, all: null,
  clear() { this.count = this.binary = this.text = 0; for (const name of this.panes.keys()) this.panes.set(name, 0); },
};
window.WebSocket = class extends WebSocket {
  constructor(...rest) {
    super(...rest);
    this.addEventListener("message", ({ data }) => {
      if (typeof data === "string") seen.text += data.length;
      else seen.binary += data.byteLength ?? data.size;
    });
  }
};
document.addEventListener("frame", ({ target, detail }) => {
  const name = target.stream;
  seen.ages[seen.count++ % seen.ages.length] = detail.paintedAt - detail.capturedAt;
  seen.panes.set(name, (seen.panes.get(name) ?? 0) + 1);
  seen.first ??= performance.now();
  if (seen.panes.size === 30) seen.all ??= performance.now();
}, true);
"""

# Thirty images that are fetched again and again, each as often as the wall shows it.
STILLS = """<!doctype html><title>stills</title><style>img{width:300px;height:169px}</style><body></body><script>
const wish = new URLSearchParams(location.search), period = 1000 / Number(wish.get("fps"));
window.seen = { ages: [], count: 0, binary: 0, text: 0, clear() { this.ages = []; this.count = this.binary = 0; } };
async function poll(stream) {
  const image = document.body.appendChild(new Image());
  for (;;) {
    const started = performance.now();
    try {
      const answer = await fetch(`${wish.get("server")}/streams/${stream}.jpg?width=320&t=${Date.now()}`);
      const blob = await answer.blob();
      const captured = Number(answer.headers.get("X-Captured-At")) * 1000;
      const before = image.src;
      image.src = URL.createObjectURL(blob);
      await image.decode();
      URL.revokeObjectURL(before);
      seen.binary += blob.size;
      seen.count += 1;
      seen.ages.push(performance.timeOrigin + performance.now() - captured);
    } catch (error) { seen.text += 1; }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, period - (performance.now() - started))));
  }
}
for (const stream of wish.get("streams").split(",")) poll(stream);
</script>"""

# Thirty Motion JPEGs: a browser opens six connections to a host over HTTP/1.1, and each holds one for ever.
MOTION = """<!doctype html><title>motion</title><style>img{width:300px;height:169px}</style><body></body><script>
const wish = new URLSearchParams(location.search);
for (const stream of wish.get("streams").split(",")) {
  const image = document.body.appendChild(new Image());
  image.src = `${wish.get("server")}/streams/${stream}.mjpeg?fps=${wish.get("fps")}&width=320`;
}
window.shown = () => [...document.images].filter((image) => image.naturalWidth > 0).length;
</script>"""
