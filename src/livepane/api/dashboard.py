"""The built dashboard, the player element, and signing a browser in."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.files import inside
from livepane.domain.errors import NotFound, Unauthorised

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parent.parent / "web"
_YEAR = "public, max-age=31536000, immutable"  # the names of assets carry a hash of their content
_COOKIE_DAYS = 30


def _file(name: str, cache: str = "no-cache") -> Response:
    path = inside(FOLDER, name)
    if path is None:
        if not (FOLDER / "index.html").is_file():
            return PlainTextResponse(
                "The dashboard is not built. Run `make web`, or install a released wheel, which has it.\n", 503
            )
        raise NotFound(f"there is nothing at {name!r}")
    return FileResponse(path, headers={"Cache-Control": cache})


@router.get("/")
@allow(None, page=True)
async def wall() -> Response:
    """All streams as live tiles."""
    return _file("index.html")


@router.get("/s/{stream_id}")
@allow(None, page=True)
async def stream_page(stream_id: str) -> Response:
    """One stream, large."""
    return _file("index.html")


@router.get("/view/{stream_id}")
@allow(None, page=True)
async def bare_viewer(stream_id: str) -> Response:
    """One stream and nothing else, full screen."""
    return _file("view.html")


@router.get("/assets/{name:path}")
@allow(None)
async def asset(name: str) -> Response:
    """Scripts, styles and fonts of the dashboard."""
    return _file(f"assets/{name}", _YEAR)


@router.get("/favicon.svg")
@router.get("/favicon.ico")
@allow(None)
async def icon() -> Response:
    """The icon."""
    return _file("favicon.svg")


@router.get("/live-pane.js")
@allow(None, anywhere=True)
async def live_pane() -> Response:
    """The `<live-pane>` element, for any page."""
    return _file("live-pane.js")


@router.get("/signin")
@allow(None, page=True)
async def sign_in(request: Request, services: ServicesOf, token: str = "") -> Response:
    """Turn the token of the printed address into a cookie, and leave no token in the address bar."""
    keys = services.keys
    if keys.roles_of_token(token) is None:
        raise Unauthorised("this sign-in address is not valid (any more); `livepane serve` prints the right one when it starts")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        keys.cookie_name,
        keys.cookie_value,
        max_age=_COOKIE_DAYS * 86400,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer
