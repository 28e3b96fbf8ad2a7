"""The real routes behind the real door, called as ASGI: what lies behind them is cut off, so that a call has no effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livepane.api.access import AccessTable
from livepane.api.app import api
from livepane.api.door import Door
from livepane.auth.keyring import Keyring
from livepane.auth.texts import digest_of
from livepane.settings import Settings
from livepane.store.tokens import Kind
from tests.credentials import HOUR, token_row

PORT = 8000
OURS = f"http://127.0.0.1:{PORT}"
LISTED = "https://app.example.org"


@dataclass(frozen=True)
class Token:
    """A credential of the walk, and what the contract says of it."""

    name: str
    roles: frozenset[str] = frozenset()  # with those that are implied
    streams: tuple[str, ...] = ()
    dead: bool = False


EVERY = frozenset({"viewer", "producer", "scraper", "operator", "admin"})
OPERATOR = frozenset({"viewer", "scraper", "operator"})
TOKENS = [
    Token("admin", EVERY),
    Token("viewer", frozenset({"viewer"})),
    Token("producer", frozenset({"producer"})),
    Token("operator", OPERATOR),
    Token("share", frozenset({"viewer"}), ("page:x",)),
    Token("bound operator", OPERATOR, ("page:x", "page:y")),
    Token("kind", frozenset({"viewer"}), ("page:*",)),
    Token("expired", EVERY, dead=True),
    Token("revoked", frozenset({"viewer"}), ("page:x",), dead=True),
]


@dataclass(frozen=True)
class Call:
    """One way to knock."""

    origin: str | None = None
    site: str | None = None
    token: str | None = None  # by header
    query: str | None = None  # by ?token=
    cookie: bool = False
    navigates: bool = False
    host: str = f"127.0.0.1:{PORT}"
    more: tuple[tuple[str, str], ...] = ()


@dataclass
class Answer:
    """What came back: a status, or what a socket was told."""

    reached: bool = False
    status: int = 0
    accepted: bool = False
    code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class House:
    """Every kind of credential exists in it; `text[name]` is what is shown."""

    def __init__(self, folder: Path, *, auth: str = "open", with_demo: bool = True, **settings: Any) -> None:
        self.keys, self.token = Keyring.of(folder)
        self.text = {"admin": self.token, "unknown": "unknown"}
        self.cookie = self._fill()
        real = api(Settings(), self.keys, with_demo=with_demo)
        self.routes = AccessTable(real.routes).rows
        self.answer = Answer()
        self.settings = Settings(ports=(PORT,), data_dir=folder, auth=auth, cors_origins=(LISTED,), **settings)
        self.door = Door(self._inside, AccessTable(real.routes), self.settings, self.keys)

    def _fill(self) -> str:
        rows = []
        for one in TOKENS[1:]:
            age = -1000 if one.name == "expired" else HOUR
            kind = Kind.SHARE if one.streams == ("page:x",) else Kind.TOKEN
            text, row = token_row(
                *sorted(one.roles), streams=one.streams, kind=kind, expires_in=age, revoked=one.name == "revoked"
            )
            self.text[one.name] = text
            rows.append(row)
        cookie, row = token_row(
            *sorted(EVERY), kind=Kind.BROWSER, expires_in=HOUR, parent="admin", parent_digest=digest_of(self.token)
        )
        self.keys.put([*rows, row])
        return cookie

    async def _inside(self, scope: Any, receive: Any, send: Any) -> None:
        self.answer.reached = True
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    def headers(self, call: Call) -> list[tuple[bytes, bytes]]:
        """As a client sends them."""
        pairs = [("host", call.host)]
        pairs += [("origin", call.origin)] if call.origin is not None else []
        pairs += [("sec-fetch-site", call.site)] if call.site else []
        pairs += [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")] if call.navigates else []
        pairs += [("authorization", f"Bearer {call.token}")] if call.token else []
        pairs += [("cookie", f"other=1; {self.keys.cookie_name}={self.cookie}")] if call.cookie else []
        return [(name.encode(), value.encode()) for name, value in (*pairs, *call.more)]

    async def call(self, kind: str, method: str, path: str, call: Call, server: str = "127.0.0.1") -> Answer:
        """Knock, and tell what came back."""
        self.answer = answer = Answer()

        async def receive() -> Any:
            return {"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            if message["type"] == "websocket.accept":
                answer.accepted = True
            elif message["type"] == "websocket.close":
                answer.code = message["code"]
            elif message["type"].endswith("response.start"):
                answer.status = message["status"]
                answer.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            elif message["type"].endswith("response.body"):
                answer.body += message.get("body", b"")

        scope: dict[str, Any] = {
            "type": kind,
            "method": method,
            "scheme": "ws" if kind == "websocket" else "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": f"token={call.query}".encode() if call.query else b"",
            "headers": self.headers(call),
            "client": ("127.0.0.1", 40000),
            "server": (server, PORT),
            "extensions": {"websocket.http.response": {}},
        }
        await self.door(scope, receive, send)
        return answer


def heard(kind: str, answer: Answer) -> str:
    """`served`, or how it was refused: 401, 403, and for a socket whether it was accepted first."""
    if answer.reached:
        return "served"
    if kind == "http" or not answer.accepted:  # a socket: at the handshake
        return str(answer.status)
    return {4401: "401", 4403: "403 after accept"}.get(answer.code or 0, str(answer.code))
