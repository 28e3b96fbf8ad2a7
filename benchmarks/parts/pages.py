"""The pages that are watched, and a small local server that serves them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.parts import walls
from benchmarks.parts.timecode import JAVASCRIPT

_STYLE = "html,body{margin:0;overflow:hidden;background:#fff;font:13px/18px sans-serif;color:#222}"
_STYLE += "canvas{display:block;position:relative;z-index:1}"

# A feed that scrolls under a painted time code, `?hz=` times a second: text, colour and edges, about 95 KB as JPEG at quality 80.
MOVING = f"""<!doctype html><title>moving</title><style>{_STYLE}
#feed{{position:absolute;top:16px;left:0;right:0;display:grid;grid-template-columns:repeat(4,1fr);gap:12px;padding:12px}}
.card{{border:1px solid #ccc;border-radius:6px;padding:6px;height:130px;overflow:hidden}}.card b{{color:#06c}}</style>
<canvas id=code width=1280 height=16></canvas><div id=feed></div><script>{JAVASCRIPT}
const words = "pane stream frame viewer page window desktop tile paint pixel clock queue socket browser newest demand".split(" ");
let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const feed = document.getElementById("feed"), context = document.getElementById("code").getContext("2d");
for (let i = 0; i < 80; i++) {{
  const card = document.createElement("div");
  card.className = "card";
  card.style.background = `hsl(${{random(360)}} 70% 95%)`;
  const text = Array.from({{length: 14}}, () => words[random(words.length)]).join(" ");
  card.innerHTML = `<b>${{i}} ${{words[random(words.length)]}}</b> ${{text}}`;
  feed.append(card);
}}
const period = 1000 / (Number(new URLSearchParams(location.search).get("hz")) || 30);
let due = 0, step = 0;
function tick(now) {{
  requestAnimationFrame(tick);
  if (now < due - 4) return;
  due = Math.max(due + period, now);
  step = (step + 3) % 1500;
  feed.style.transform = `translateY(${{-step}}px)`;
  timecode.paint(context, 1280);
}}
requestAnimationFrame(tick);
</script>"""

STATIC = f"""<!doctype html><title>static</title><style>{_STYLE}main{{padding:40px;columns:3}}</style>
<main>{"<p>Nothing on this page ever changes. It has words, so that a picture of it has a size.</p>" * 40}</main>"""

# Something a script can work on: a form, a list that grows and shrinks, a counter.
WORK = f"""<!doctype html><title>work</title><style>{_STYLE}body{{padding:20px}}li{{display:inline-block;width:180px}}</style>
<input id=name size=40> <button id=add>Add</button> <b id=count>0</b><ul id=list></ul><script>
const list = document.getElementById("list"), name = document.getElementById("name"), count = document.getElementById("count");
document.getElementById("add").onclick = () => {{
  for (let i = 0; i < 20; i++) {{
    const item = document.createElement("li");
    item.textContent = `${{name.value}} ${{list.children.length}}`;
    list.append(item);
  }}
  while (list.children.length > 160) list.firstChild.remove();
  count.textContent = Number(count.textContent) + 1;
}};
</script>"""

# A viewer: one pane, and for every picture what is on its canvas and when. `seen` is read by the bench.
VIEWER = f"""<!doctype html><title>viewer</title><style>{_STYLE}
live-pane{{display:block;width:1280px;height:720px}}</style><script>{JAVASCRIPT}
const seen = [], wish = new URLSearchParams(location.search);
const script = document.createElement("script");
script.type = "module";
script.src = wish.get("server") + "/live-pane.js";
script.onload = () => {{
  const pane = document.createElement("live-pane");
  for (const name of ["stream", "fps"]) pane.setAttribute(name, wish.get(name));
  pane.setAttribute("src", wish.get("server"));
  pane.setAttribute("fit", "none");
  pane.addEventListener("frame", ({{detail}}) => {{
    const drawn = timecode.now(), canvas = pane.canvas;
    const row = canvas.getContext("2d").getImageData(0, 8, canvas.width, 1).data;
    const painted = timecode.read(row, canvas.width);
    if (painted === null) return;
    const key = detail.epoch.toString(16).padStart(8, "0") + detail.seq.toString(16).padStart(8, "0");
    requestAnimationFrame(() => seen.push({{
      key, painted, captured: detail.capturedAt, received: detail.receivedAt, drawn, framed: timecode.now(),
    }}));
  }});
  document.body.append(pane);
}};
document.head.append(script);
</script><body></body>"""

PAGES = {
    "/viewer": VIEWER,
    "/moving": MOVING,
    "/static": STATIC,
    "/work": WORK,
    "/stills": walls.STILLS,
    "/motion": walls.MOTION,
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer with one of the pages."""
        page = PAGES.get(self.path.partition("?")[0])
        body = (page or "not found").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages; yields the address, such as http://127.0.0.1:40123."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
