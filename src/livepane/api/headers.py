"""What every answer carries: the security headers, and CORS for an origin that was let in."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Send

from livepane.api.access import Access

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
    "font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; require-trusted-types-for 'script'; "
    "frame-ancestors "
)
CSP = _CSP + "'none'"
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_READABLE = b"ETag, Age, Retry-After, X-Captured-At, X-Picture-State, X-Job-Group"


class Decoration:
    """The headers of one server's answers.

    No Strict-Transport-Security: it holds for every port of a name and for months, so it would lock out other servers of this
    machine; who serves one name alone sets it in the proxy.
    """

    def __init__(self, frame_ancestors: tuple[str, ...] = ()) -> None:
        self._framed = (_CSP + " ".join(frame_ancestors) if frame_ancestors else CSP).encode("latin-1")
        self._bare = CSP.encode("latin-1")
        self._frames = bool(frame_ancestors)

    def add(self, answer: MutableHeaders, asked: Headers, access: Access | None, *, granted: bool, foreign: bool) -> None:
        """Add them. `granted`: the origin may read the answer; `foreign`: a token lets it, though its origin is a stranger's."""
        framed = self._frames and access is not None and access.framed
        pairs = answer.raw  # of the answer itself; every answer comes by here, and MutableHeaders looks at all of them each time
        there = {name for name, _ in pairs}
        pairs += [pair for pair in _ALWAYS if pair not in pairs]
        if b"content-security-policy" not in there:
            pairs.append((b"content-security-policy", self._framed if framed else self._bare))
        if b"cache-control" not in there:
            pairs.append((b"cache-control", b"no-store"))
        anywhere = foreign or framed or (access is not None and access.anywhere)
        # Chromium takes no two addresses without a domain for one site here, not even two ports of 127.0.0.1, though it does in
        # Sec-Fetch-Site, which no page can forge: what says so may have an <img>.
        near = access is not None and access.embeddable and asked.get("sec-fetch-site") == "same-site"
        policy = b"cross-origin" if anywhere or near else b"same-site" if access and access.embeddable else b"same-origin"
        pairs.append((b"cross-origin-resource-policy", policy))
        origin = asked.get("origin")
        if origin and granted:
            answer["Access-Control-Allow-Origin"] = origin
            pairs.append((b"access-control-expose-headers", _READABLE))
            answer.add_vary_header("Origin")


async def preflight(send: Send) -> None:
    """Answer the question that a browser asks before a request of another origin."""
    headers = [
        (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, last-event-id, if-none-match"),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
