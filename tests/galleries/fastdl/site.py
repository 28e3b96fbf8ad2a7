"""The server of the replica: its pages, its answers to scripts, and pictures whose addresses are new every time."""

from __future__ import annotations

import io
import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from PIL import Image, ImageDraw

BATCH = 6  # cards that one scroll brings
THUMB = 320  # px: the longer side of what the page shows
ODD = "Zoë & Söhne/\"<b>ünï</b>'"  # a user whose name means something to shells, to HTML and to addresses
PAGE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True)
class Post:
    """One picture of a user."""

    id: str
    caption: str
    width: int
    height: int

    @property
    def file(self) -> str:
        """As the network calls it."""
        return f"{self.id}_n.jpg"

    def picture(self, longest: int | None = None) -> bytes:
        """A JPEG, the same every time: whole, or with a longer side of at most so many px."""
        return _picture(self, longest)


def _posts(user: str, number: int) -> list[Post]:
    return [
        Post(f"{len(user)}{900 + n}_{18309646 + n}", f"{user}, no. {n}", 1080 + 10 * n, 1350 - 5 * n)
        for n in range(1, number + 1)
    ]


USERS = {"anna": _posts("anna", 14), "ben": _posts("ben", 3), ODD: _posts(ODD, 1), "private": None}


@dataclass(slots=True)
class Site:
    """A running replica, and what was asked of it."""

    base: str
    asked: list[str] = field(default_factory=list)  # paths with their queries
    fetched: list[str] = field(default_factory=list)  # files that were sent whole
    searched: list[str] = field(default_factory=list)  # user names, as they came

    def posts(self, user: str) -> list[Post]:
        """What a user has posted."""
        return USERS[user] or []


@contextmanager
def replica() -> Iterator[Site]:
    """Serve it on a free port of this machine."""
    tokens = itertools.count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            if parts.path in ("/", "/en"):
                self._send(200, "text/html; charset=utf-8", PAGE.read_bytes())
            elif parts.path == "/api/userInfo":
                self._posts(query)
            elif parts.path == "/get":
                site.fetched.append(query["uri"])
                self._picture(urlsplit(query["uri"]).path.rpartition("/")[2], None)
            elif parts.path.startswith("/thumb/"):
                self._picture(parts.path.rpartition("/")[2], THUMB)
            else:
                self._send(404, "text/plain", b"not found")

        def _posts(self, query: dict[str, str]) -> None:
            user, start = query["user"], int(query.get("from", "0"))
            if not start:
                site.searched.append(user)
            if user not in USERS:
                self._json({"error": "We could not find this user. Check the name."})
            elif (posts := USERS[user]) is None:
                self._json({"error": "This account is private."})
            else:
                batch = [self._card(post) for post in posts[start : start + BATCH]]
                self._json({"posts": batch, "next": start + BATCH if start + BATCH < len(posts) else None})

        def _card(self, post: Post) -> dict[str, str]:
            token = next(tokens)
            elsewhere = f"{site.base}/v/t51/{post.file}?_nc_ht=cdn{token}&oe={token:08x}"
            link = f"/get?__sig={token:032x}&__expires={token}&uri={quote(elsewhere, safe='')}&filename=post.jpg"
            return {"link": link, "thumb": f"/thumb/{post.file}?oe={token}", "caption": post.caption}

        def _picture(self, file: str, longest: int | None) -> None:
            found = next((post for posts in USERS.values() for post in posts or [] if post.file == file), None)
            if found is None:
                self._send(404, "text/plain", b"not found")
            else:
                self._send(200, "image/jpeg", found.picture(longest))

        def _json(self, value: object) -> None:
            self._send(200, "application/json", json.dumps(value).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="fastdl replica")
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


@cache
def _picture(post: Post, longest: int | None) -> bytes:
    image = Image.new("RGB", (post.width, post.height), f"hsl({int(post.id[-2:]) * 25 % 360}, 70%, 60%)")
    draw = ImageDraw.Draw(image)
    for n in range(0, post.height, 90):
        draw.ellipse((n, n // 2, n + 200, n // 2 + 200), fill=f"hsl({n % 360}, 60%, 40%)")
    if longest is not None:
        image.thumbnail((longest, longest))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85)
    return data.getvalue()
