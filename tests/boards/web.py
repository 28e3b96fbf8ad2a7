"""Who answers under which name: hosts, paths, and the replies to be had there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from tests.boards.nouns import Reply, Request

Handler = Callable[[Request], Reply]


class Web:
    """All hosts of the made world. `now` is the moment that "3 days ago" counts from."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self._routes: dict[str, dict[str, Reply | Handler]] = {}
        self.broken: set[str] = set()  # hosts whose certificate is not to be trusted

    @property
    def hosts(self) -> list[str]:
        """Every name, in order."""
        return sorted(self._routes)

    def on(self, url: str, answer: Reply | Handler | str) -> str:
        """Let an address answer; `*` at the end of its path stands for any path below. Gives the address back."""
        parts = urlsplit(url)
        page = Reply(answer) if isinstance(answer, str) else answer
        self._routes.setdefault(parts.netloc, {})[parts.path or "/"] = page
        return url

    def json(self, url: str, value: object, status: int = 200) -> str:
        """Let an address answer with JSON."""
        reply = Reply(json.dumps(value), status, "application/json", {"access-control-allow-origin": "*"})
        return self.on(url, reply)

    def script(self, url: str, text: str) -> str:
        """Let an address answer with JavaScript."""
        return self.on(url, Reply(text, content_type="text/javascript; charset=utf-8"))

    def redirect(self, url: str, target: str, status: int = 302) -> str:
        """Send on whoever asks."""
        return self.on(url, Reply("", status, headers={"location": target}))

    def answer(self, request: Request) -> Reply:
        """What the host says; 404 for what it does not know."""
        routes = self._routes.get(request.host, {})
        found = routes.get(request.path)
        if found is None:
            below = [name for name in routes if name.endswith("*") and request.path.startswith(name[:-1])]
            found = routes[max(below, key=len)] if below else None
        if found is None and request.path != "/" and request.path.endswith("/"):
            found = routes.get(request.path.rstrip("/"))
        if found is None:
            return Reply(NOT_FOUND, 404)
        return found if isinstance(found, Reply) else found(request)

    def fetch(self, url: str, post: object = None) -> Reply:
        """What a request for an address would get, without a network; redirects are not followed."""
        parts = urlsplit(url)
        body = b"" if post is None else json.dumps(post).encode()
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        method = "GET" if post is None else "POST"
        return self.answer(Request(method, parts.netloc, parts.path or "/", query, {}, body, parts.scheme == "https"))


NOT_FOUND = (
    "<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
    "<p>The requested URL was not found on this server.</p></body></html>"
)
