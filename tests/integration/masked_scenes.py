"""Pages with a secret. It is magenta, as nothing else is; a green corner that never stands still keeps pictures coming."""

from __future__ import annotations

HEAD = """<!doctype html><title>Masked</title><style>
body { margin: 0; font: 20px sans-serif; height: 3000px }
.secret, .inked { background: #f0f; color: #f0f; width: 160px; height: 50px }
.placed { position: absolute; left: 200px; top: 150px }
#corner { position: fixed; left: 0; top: 0; width: 60px; height: 60px; background: #0c0; z-index: 9 }
</style><div id=corner></div><script>
let ticks = 0;
const ticking = setInterval(() => { corner.style.background = `rgb(0 ${180 + ticks++ % 60} 0)` }, 40);
const each = (work) => { let n = 0; const turn = () => { work(n++); requestAnimationFrame(turn) }; requestAnimationFrame(turn) };
const CARD = "<style>.secret { background: #f0f; width: 90px; height: 40px; margin: 50px }</style><div class=secret></div>";
</script>"""

SECRET = "<div class='secret placed'>4111</div>"

FIELD = """<style>
input { position: absolute; left: 200px; top: 150px; font-size: 30px; width: 300px; color: #f0f; background: #f0f; border: 0 }
</style><input id=field type=password value='correct horse'>"""

SCENES = {
    "still": SECRET,
    "moved by its script": SECRET
    + """<script>
        const one = document.querySelector(".secret");
        each((n) => { one.style.left = 200 + n * 9 % 800 + "px" });
        </script>""",
    "moved by an animation": SECRET
    + "<style>@keyframes fly { to { translate: 800px 300px } } .secret { animation: fly .7s linear infinite alternate }</style>",
    "scrolled with the page": SECRET + "<script>each((n) => scrollTo(0, n * 11 % 300))</script>",
    "scrolled smoothly": SECRET
    + """<script>let on = 0; setInterval(() => scrollTo({ top: (on ^= 1) * 250, behavior: "smooth" }), 400)</script>""",
    "scrolled in a box": """
        <div id=box style="position: absolute; left: 100px; top: 100px; width: 400px; height: 300px; overflow: auto">
        <div style="height: 2000px"><div class=secret style="position: relative; top: 200px"></div></div></div>
        <script>each((n) => { box.scrollTop = n * 13 % 400 })</script>""",
    "there for one frame only": """<script>
        let at = 0;
        setInterval(() => {
          const one = document.createElement("div");
          one.className = "secret";
          one.style = `position: absolute; left: ${at = (at + 370) % 900 + 80}px; top: ${at * 7 % 500 + 80}px`;
          document.body.append(one);
          requestAnimationFrame(() => requestAnimationFrame(() => one.remove()));
        }, 230);
        </script>""",
    "in a shadow tree": """<x-card></x-card><script>
        customElements.define("x-card", class extends HTMLElement {
          connectedCallback() {
            const style = ".secret { background: #f0f; position: absolute; left: 300px; top: 200px; width: 160px; height: 50px }";
            this.attachShadow({ mode: "open" }).innerHTML = `<style>${style}</style><p>card</p><div class=secret></div>`;
          }
        });
        </script>""",
    "slotted into a shadow tree": """
        <div id=host class=placed><div class=secret></div></div>
        <script>host.attachShadow({ mode: "open" }).innerHTML = "<div style='padding: 40px'><slot></slot></div>"</script>""",
    "in a frame in a frame": """
        <iframe id=outer class=placed style="width: 700px; height: 500px; border: 7px solid #888; padding: 5px"></iframe>
        <script>
        outer.srcdoc = "<p>outer</p><iframe id=inner style='width: 500px; height: 300px; margin: 30px'></iframe>";
        outer.onload = () => { outer.contentDocument.getElementById("inner").srcdoc = CARD };
        </script>""",
    "in a frame that is turned": """
        <iframe id=turned class=placed style="width: 400px; height: 300px; transform: rotate(20deg) scale(.8)"></iframe>
        <script>turned.srcdoc = CARD</script>""",
    "in a frame that comes and goes": """<script>
        let at = 0;
        setInterval(() => {
          document.querySelector("iframe")?.remove();
          const one = document.createElement("iframe");
          one.style = `position: absolute; left: ${at = (at + 190) % 700 + 80}px; top: 100px; width: 300px; height: 200px`;
          one.srcdoc = CARD;
          document.body.append(one);
        }, 300);
        </script>""",
    "without a box of its own": "<div class=secret style='display: contents'><b class='inked placed'>4111</b></div>",
    "longer than its box": "<div class='secret placed' style='width: 40px; white-space: nowrap; font-size: 40px'>MMMMMMMM</div>",
    "with a part that lies elsewhere": """
        <div class='secret placed' style='overflow: hidden'>
        <i class=inked style='position: fixed; left: 600px; top: 400px'></i></div>""",
    "turned and scaled": SECRET + "<style>.secret { transform: rotate(30deg) scale(1.7); left: 300px }</style>",
    "zoomed": f"<div style='zoom: 1.6'>{SECRET}</div>",
}
