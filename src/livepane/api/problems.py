"""Errors as `application/problem+json` (RFC 9457), or as a page for people: one table from the error tree to HTTP."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from livepane.api import ranges
from livepane.api.access import access_of
from livepane.api.short_page import link, short_page
from livepane.domain.errors import LivepaneError, NoRoom, TooFast, TooManyTries
from livepane.log.scrub import scrub_tokens


def problem(error: LivepaneError) -> Response:
    """The response for an error; `error` is an extension member that simple clients read."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if isinstance(error, TooManyTries | TooFast | NoRoom):
        headers["Retry-After"] = str(error.retry_after)
    return _body(error.status, error.code, error.message, headers)


def install(app: FastAPI) -> None:
    """Make every failure of the app such a response."""

    @app.exception_handler(LivepaneError)
    async def _ours(_: Request, error: LivepaneError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        route = request.scope.get("route")
        return _body(
            _invalid_status(request), "bad_request", "; ".join(ranges.said(route, detail) for detail in error.errors()[:5])
        )

    @app.exception_handler(Exception)  # logged by the server; what went wrong inside is nobody's business outside
    async def _bug(_: Request, __: Exception) -> Response:
        return _body(500, "error", "something went wrong in the server; its log says what")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, LivepaneError):  # FastAPI makes a 400 of whatever goes wrong while it reads a body
            return problem(error.__cause__)
        if error.status_code == 400:  # a body that is no JSON, or nested too deep to be read
            return _body(_invalid_status(request), "bad_request", f"the body cannot be read: {error.detail}", error.headers)
        said = f"there is nothing at {request.url.path!r}" if error.status_code == 404 else error.detail
        return _body(error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "_"), said, error.headers)


def _invalid_status(request: Request) -> int:
    """What a route answers to what cannot be read."""
    access = access_of(request.scope.get("route"))
    return access.invalid if access is not None else 400


class Problem(JSONResponse):
    """What went wrong: problem+json, or a short page where a person has followed a link or typed an address."""

    media_type = "application/problem+json"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the one or the other."""
        if not _is_for_a_person(scope):
            await super().__call__(scope, receive, send)
            return
        said = json.loads(bytes(self.body))
        sentence = f"{said['detail'][:1].upper()}{said['detail'][1:]}"
        ways = _way_on(scope, self.status_code)
        page = short_page(said["title"], sentence + ("" if sentence.endswith((".", "?")) else "."), ways, self.status_code)
        page.raw_headers += [pair for pair in self.raw_headers if pair[0] not in (b"content-type", b"content-length")]
        await page(scope, receive, send)


def _is_for_a_person(scope: Scope) -> bool:
    """Whether a browser will show the answer as a page. By plain http from far away it does not say that it navigates."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return "text/html" in headers.get("accept", "") and headers.get("sec-fetch-mode", "navigate") == "navigate"


def _way_on(scope: Scope, status: int) -> str:
    """Where there is something to see. Nothing for a Host that is not served: every address with it is refused."""
    root, meant = scope.get("state", {}).get("ways", (None, None))
    if root is None:
        return ""
    if status == 401:
        return link(f"{root}/signin", "Sign in")
    return (
        link(f"{root}{quote(meant)}", f"Open {meant}")
        if meant and status in (403, 404)
        else link(f"{root}/", "Open the dashboard")
    )


def _body(status: int, code: str, detail: str, headers: object = None) -> Response:
    detail = scrub_tokens(detail)  # the second line of defence: what names a value leaves secrets out itself
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "error": detail,
    }
    extra = dict(headers) if isinstance(headers, dict) else None
    return Problem(content, status, headers=extra)
