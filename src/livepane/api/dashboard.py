"""The built dashboard and the player element."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.files import inside
from livepane.domain.errors import NotFound
from livepane.services import Services

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parent.parent / "web"
_YEAR = "public, max-age=31536000, immutable"  # the names of assets carry a hash of their content


def page(name: str, services: Services, status: int = 200) -> Response:
    """A page of the dashboard; every relative address in it leads below the server's root path."""
    path = FOLDER / name
    try:
        html = _based(path, path.stat().st_mtime_ns, services.settings.root_path)
    except OSError:
        return _not_built()
    return HTMLResponse(html, status, headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=16)
def _based(path: Path, written: int, root_path: str) -> str:
    """The page with its `<base>`. `written` is when: a page that was built anew is read anew."""
    html = re.sub(r"\s*<base\b[^>]*>", "", path.read_text(encoding="utf-8"))
    return html.replace("<head>", f'<head>\n    <base href="{root_path}/" />', 1)


def _file(name: str, cache: str = "no-cache") -> Response:
    path = inside(FOLDER, name)
    if path is None:
        if not (FOLDER / "index.html").is_file():
            return _not_built()
        raise NotFound(f"there is nothing at {name!r}")
    return FileResponse(path, headers={"Cache-Control": cache})


def _not_built() -> Response:
    return PlainTextResponse("The dashboard is not built. Run `make web`, or install a released wheel, which has it.\n", 503)


@router.head("/")  # monitors and link checkers ask for the head alone
@router.get("/")
@router.get("/s/{stream_id}")
@router.get("/wall/{name}")
@router.get("/tokens")
@router.get("/jobs")
@router.get("/jobs/{job_id}")
@router.get("/scrape")
@router.get("/downloads")
@router.get("/compare")
@router.get("/settings")
@allow(None, page=True)
async def dashboard(services: ServicesOf) -> Response:
    """The wall, one stream large, a saved wall, the tokens, jobs, downloads, settings: one page that reads its address."""
    return page("index.html", services)


@router.get("/view/{stream_id}")
@allow(None, page=True, framed=True)
async def bare_viewer(services: ServicesOf) -> Response:
    """One stream and nothing else, full screen."""
    return page("view.html", services)


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
