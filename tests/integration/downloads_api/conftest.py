"""A server with collections that were there before it, and one that gives out files as a test lets it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from livepane.downloads.collection import Collection
from livepane.downloads.record import Wanted
from tests.pictures import broken_inside, png_claiming
from tests.serving import Server, serving
from tests.unit.downloads.kept import PAGE, keep, photo

HELD = photo(40, 800, 600, quality=95)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
VIDEO = bytes(range(256)) * 1000


@dataclass
class Shop:
    """A site whose file stops in its middle until it is let go."""

    url: str
    go: threading.Event = field(default_factory=threading.Event)


@pytest.fixture(scope="package")
def shop() -> Iterator[Shop]:
    """It listens on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith("/held"):
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(HELD)))
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.wfile.write(HELD[: len(HELD) // 2])
            self.wfile.flush()
            one.go.wait(30)
            self.wfile.write(HELD[len(HELD) // 2 :])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        one = Shop(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield one
        one.go.set()
        server.shutdown()


@pytest.fixture(scope="package")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collections of earlier runs."""
    root = tmp_path_factory.mktemp("kept") / "downloads"
    trees = Collection.open(root / "trees.example-gallery")
    keep(trees, "oak", photo(1, 160, 120), (160, 120), name="oak.jpg", job=7001)
    keep(trees, "oak", photo(1, 640, 480), (640, 480), name="oak.jpg", url=f"{PAGE}oak-large.jpg", job=7002)
    keep(trees, "clear", photo(3, 400, 100, form="WEBP"), (400, 100), name="Älm.webp", media_type="image/webp", job=7002)
    keep(trees, "drawing", SVG, (9, 9), name="drawing.svg", media_type="image/svg+xml", job=7002)
    keep(trees, "page", HTML, None, name="page.html", media_type="text/html", job=7002)
    keep(trees, "film", VIDEO, None, name="film.mp4", media_type="video/mp4", job=7002)
    keep(trees, "bomb", png_claiming(60_000, 60_000), (60_000, 60_000), name="bomb.png", media_type="image/png", job=7002)
    keep(trees, "broken", broken_inside(photo(5, 64, 48)), name="broken.jpg", job=7002)
    keep(trees, "again", photo(1, 640, 480), (640, 480), name="again.jpg", job=7002)
    trees.fail(Wanted("elm", (), f"{PAGE}elm", title="An elm"), "not_found: it answers 404", 7002)
    many = Collection.open(root / "many.example-gallery")
    for number in range(1000):
        keep(many, str(number), os.urandom(100_000), name=f"{number}.jpg", job=7003)
    return root


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, shelves: Path, shop: Shop) -> Iterator[Server]:
    """It knows the scraper of `plugin.py`, and may fetch from the shop."""
    settings = {
        "LIVEPANE_PLUGINS": str(Path(__file__).with_name("plugin.py")),
        "LIVEPANE_DOWNLOADS_DIR": str(shelves),
        "LIVEPANE_ALLOW_PRIVATE_TARGETS": shop.url.removeprefix("http://"),
    }
    with serving(tmp_path_factory.mktemp("downloads"), **settings) as one:
        yield one
