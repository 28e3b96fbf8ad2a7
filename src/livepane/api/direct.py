"""Routes that are called often: their endpoint gets the request and nothing else, and nothing else stands before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import Receive, Scope, Send

from livepane.api.problems import problem
from livepane.domain.errors import LivepaneError


class DirectRoute(APIRoute):
    """`endpoint(request)` reads its parameters by itself; what they are is told to the reference by `openapi_extra`.

    To look up what an endpoint asks for, to validate it and to look at the answer takes FastAPI longer than all that
    `/latest` has to do.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Called by FastAPI once, for what answers a request."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


class Direct:
    """An ASGI application before an app: serves its direct routes at once, everything else through it.

    On the way through the app to such a route a request meets seven layers that have nothing to do for it, a third of all
    that `/latest` costs. A path of a direct route has no parameters.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._endpoints: dict[tuple[str, str], Callable[[Request], Awaitable[Response]]] = {
            (method, route.path): route.endpoint
            for route in app.routes
            if isinstance(route, DirectRoute)
            for method in route.methods or ()
        }
        self._answering = ServerErrorMiddleware(self._answer, handler=app.exception_handlers[Exception])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] == "http" and (scope["method"], scope["path"]) in self._endpoints:
            scope["app"] = self._app
            await self._answering(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._endpoints[scope["method"], scope["path"]](Request(scope, receive, send))
        except LivepaneError as error:
            answer = problem(error)
        await answer(scope, receive, send)
