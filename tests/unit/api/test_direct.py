"""Routes that are called often: what they answer whatever happens in them, and that everything else is still the app's."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from livepane.api import problems
from livepane.api.asked import Asked
from livepane.api.direct import Direct, DirectRoute
from livepane.domain.errors import TooFast

router = APIRouter(route_class=DirectRoute)


@router.get("/direct")
async def direct(request: Request) -> Response:
    """What the query asks for."""
    match request.query_params.get("what"):
        case "fast":
            raise TooFast("too fast", 3)
        case "bug":
            raise ZeroDivisionError("nobody's business")
    return PlainTextResponse(f"direct in {request.app.title}")


def client(*, tells: bool = False) -> httpx.AsyncClient:
    app = FastAPI(title="an app")
    problems.install(app)
    app.router.routes.extend(router.routes)

    @app.get("/usual/{name}")
    async def usual(name: str) -> str:
        return name

    transport = httpx.ASGITransport(Direct(app), raise_app_exceptions=tells)
    return httpx.AsyncClient(transport=transport, base_url="http://here")


async def test_it_answers_as_a_route_of_the_app() -> None:
    async with client() as http:
        assert (await http.get("/direct")).text == "direct in an app"
        assert (await http.get("/usual/one")).json() == "one"
        for answer, status in ((await http.post("/direct"), 405), (await http.get("/"), 404)):
            assert answer.status_code == status
            assert isinstance(answer.json()["error"], str)


async def test_what_goes_wrong_in_it_is_told_in_the_same_form() -> None:
    async with client() as http:
        fast = await http.get("/direct?what=fast")
        assert (fast.status_code, fast.headers["retry-after"], fast.json()["error"][:8]) == (429, "3", "too fast")
        bug = await http.get("/direct?what=bug")
        assert bug.status_code == 500
        assert "nobody" not in bug.text
        assert isinstance(bug.json()["error"], str)
    with pytest.raises(ZeroDivisionError):  # whoever logs hears of it
        async with client(tells=True) as http:
            await http.get("/direct?what=bug")


def test_a_header_is_found_in_any_case_and_of_several_the_first() -> None:
    asked = Asked({"type": "http", "headers": [(b"host", b"one"), (b"x-a", b"1"), (b"host", b"two")]})
    assert (asked.get("Host"), asked["host"], asked.getlist("host")) == ("one", "one", ["one", "two"])
    assert "X-A" in asked
    assert "x-b" not in asked
    assert (asked.get("x-b"), asked.get("x-b", "none")) == (None, "none")
