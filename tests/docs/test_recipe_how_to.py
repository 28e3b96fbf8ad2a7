"""The how-to about recipes: its recipe and its commands, as they stand, on a site such as it speaks of."""

from __future__ import annotations

import http.server
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from scripts.gen.pages import REFERENCE
from scripts.house.tree import ROOT
from tests.docs.blocks import DOCS, blocks
from tests.docs.reader import Reader
from tests.serving import Server, serving

PAGE = DOCS / "howto" / "write-a-recipe.md"
LAMPS = ["Brass lamp", "Desk lamp", "Floor lamp", "Lantern", "Torch"]
FIRST_PAGE = 3
HEAD = "<!doctype html><title>Pictures</title><style>#cookies{position:fixed;inset:0;background:#0008}</style>"
FORM = """<form><select name=shelf><option value=c>Chairs<option value=l>Lamps</select><button>Show</button></form>
<div id=cookies>Cookies? <button onclick="this.parentElement.remove()">Fine</button></div>"""
RESULTS = "<main></main><script>setTimeout(() => document.querySelector('main').innerHTML = `{cards}`, 100)</script>"


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A form behind a banner; two pages of pictures, which a script fills in; the pictures."""
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path.endswith(".jpg"):
            self._send("image/jpeg", picture(int(Path(parts.path).stem)))
        elif parts.path != "/pictures":
            self.send_error(404)
        elif query.get("shelf") != ["l"]:
            self._send("text/html", (HEAD + FORM).encode())
        else:
            first = "page" not in query
            here = range(FIRST_PAGE) if first else range(FIRST_PAGE, len(LAMPS))
            cards = "".join(
                f"<article class=picture><h2>{LAMPS[n]}</h2><img src=/small/{n + 1}.jpg>"
                f"<a download href=/pictures/{n + 1}.jpg>Save</a></article>"
                for n in here
            )
            following = '<a rel=next href="/pictures?shelf=l&page=2">Next</a>' if first else ""
            self._send("text/html", (HEAD + RESULTS.format(cards=cards + following)).encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def picture(number: int) -> bytes:
    """A JPEG of its own."""
    data = io.BytesIO()
    Image.new("RGB", (600 + number, 400), (40 * number, 90, 200 - 30 * number)).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def outside(site: str) -> dict[str, str]:
    """Settings for which that site is the world."""
    return {"LIVEPANE_ALLOW_PRIVATE_TARGETS": site.removeprefix("http://"), "LIVEPANE_REQUEST_BURST": "100"}


@pytest.fixture(scope="module")
def server(outside: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One with a recipe of its own, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("server")
    own = folder / "data" / "recipes"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text('name = "mine"\nabout = "Mine."\nstart = "https://example.org/{user}"')
    (own / "wrong.toml").write_text('name = "wrong"\nabuot = "x"')
    with serving(folder, **outside) as one:
        yield one


def test_the_how_to_shows_the_example_as_it_is() -> None:
    (shown,) = [block.text for block in blocks(PAGE) if block.language == "toml"]
    assert shown == (ROOT / "examples" / "shelf.toml").read_text(encoding="utf-8")


async def test_the_recipe_of_the_how_to_is_checked_tried_and_used_as_it_says(
    site: str, outside: dict[str, str], server: Server, tmp_path: Path
) -> None:
    (recipe,) = [block.text for block in blocks(PAGE) if block.language == "toml"]
    good, wrong, tried = [block.text for block in blocks(PAGE) if block.language == ""]
    check, try_, list_, download, schema = [block for block in blocks(PAGE) if block.language == "sh"]
    reader = Reader(tmp_path, server, **outside)
    reader.names["https://example.org"] = site
    file = tmp_path / "shelf.toml"
    file.write_text(recipe)
    assert await reader.do(check) == good
    file.write_text(recipe.replace("click =", "clik ="))
    await reader.do(check, 2)
    assert reader.errors == wrong
    file.write_text(recipe)
    printed = await reader.do(try_)
    assert reader.errors.startswith(f"Watch it at {server.url}/view/job:")
    pattern = ".*".join(re.escape(part) for part in reader.said(tried).split("…"))
    assert re.fullmatch(pattern, printed, re.DOTALL), printed
    assert re.search(r"^shelf +\(own\) The pictures on the shelf called lamps\.$", await reader.do(list_), re.MULTILINE)
    await reader.do(download)
    await reader.do(schema)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "pictures").glob("*.jpg")}
    assert kept == {f"{number}-{title}.jpg": picture(number) for number, title in enumerate(LAMPS, 1)}
    assert (tmp_path / "recipe.schema.json").read_text() == (REFERENCE / "recipe.schema.json").read_text()


async def test_a_server_tells_which_recipes_it_knows_and_what_is_wrong_with_the_others(server: Server) -> None:
    async with server.http() as client:
        found = {one["name"]: one for one in (await client.get("/api/recipes")).json()["recipes"]}
        refused = await client.post("/api/jobs", json={"kind": "recipe_try", "target": "x", "options": {"recipe": 3}})
    assert {name: (one["included"], one["takes_user"]) for name, one in found.items()} == {
        "fastdl": (True, True),
        "gallery": (True, False),
        "mine": (False, True),
        "wrong": (False, False),
    }
    assert found["wrong"]["error"].splitlines() == [
        "wrong.toml: the recipe has no 'about', and needs one",
        "wrong.toml:2: the recipe has no key 'abuot'; did you mean 'about'?",
    ]
    assert refused.status_code == 400
    assert "must be string or object" in refused.json()["detail"]
