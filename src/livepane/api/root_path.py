"""Everything below one path, as a proxy shows it: `/panes/api/streams` is `/api/streams` to all that lies behind this."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class RootPath:
    """Takes the prefix away when the proxy has left it on; one that strips it itself finds everything, too."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        # A server of somebody else's puts its own root path in front of every path.
        path = _without(scope.get("root_path", ""), scope["path"])
        if self._prefix and path == self._prefix and scope["type"] == "http":
            query = scope.get("query_string", b"").decode("latin-1")
            target = f"{self._prefix}/" + (f"?{query}" if query else "")
            # Relative addresses of the page would otherwise lead beside it. 307: whatever was sent is sent again.
            await RedirectResponse(target, 307, headers=_PLAIN)(scope, receive, send)
            return
        await self._app({**scope, "root_path": "", "path": _without(self._prefix, path)}, receive, send)


_PLAIN = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def _without(prefix: str, path: str) -> str:
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path
