"""Errors as `application/problem+json` (RFC 9457): one table from the error tree to HTTP."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from livepane.domain.errors import LivepaneError


def problem(error: LivepaneError) -> Response:
    """The response for an error; `error` is an extension member that simple clients read."""
    return _body(error.status, error.code, error.message, {"WWW-Authenticate": "Bearer"} if error.status == 401 else None)


def install(app: FastAPI) -> None:
    """Make every failure of the app such a response."""

    @app.exception_handler(LivepaneError)
    async def _ours(_: Request, error: LivepaneError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        parts = []
        for detail in error.errors()[:5]:
            place = ".".join(str(step) for step in detail["loc"] if step not in ("body", "query", "path")) or "body"
            parts.append(f"{place} = {str(detail.get('input'))[:80]!r}: {detail['msg']}")
        return _body(400, "bad_request", "; ".join(parts))

    @app.exception_handler(Exception)  # logged by the server; what went wrong inside is nobody's business outside
    async def _bug(_: Request, __: Exception) -> Response:
        return _body(500, "error", "something went wrong in the server; its log says what")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, LivepaneError):  # FastAPI makes a 400 of whatever goes wrong while it reads a body
            return problem(error.__cause__)
        said = f"there is nothing at {request.url.path!r}" if error.status_code == 404 else error.detail
        return _body(error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "_"), said, error.headers)


def _body(status: int, code: str, detail: str, headers: object = None) -> Response:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "error": detail,
    }
    extra = dict(headers) if isinstance(headers, dict) else None
    return JSONResponse(content, status, headers=extra, media_type="application/problem+json")
