"""Real browsers behind the proxy: whatever a page tries, nobody inside hears of it."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Error

from livepane.browsers.fence import Fence
from livepane.browsers.pool import BrowserPool
from livepane.domain.errors import BadRequest, UrlNotLoaded
from livepane.domain.host import NotAHost, read_host
from livepane.egress import guard
from livepane.egress.egress import Egress
from livepane.egress.options import Outside
from livepane.jobs.chromium import JobChromium
from livepane.sources.page import PageSource, open_page
from tests.certificates import certificate
from tests.integration.egress.town import Canary, Town, canary, listening, town, way_out
from tests.integration.web import evaluate, refusing_port, until
from tests.unit.egress.hosts import HOSTS, NO_HOSTS

TRICKS = (Path(__file__).parent / "tricks.html").read_text(encoding="utf-8")
REFRESH = (
    "<script>document.write(`<meta http-equiv=refresh content='0;url=http://${location.search.slice(1)}/refresh'>`)</script>"
)
# Ways of tricks.html that get there when they may.
REAL = """
beacon css data-frame event-source fetch fetch-redirect form iframe iframe-redirect img img-redirect import object refresh script
shared-fetch shared-socket socket srcdoc style svg video worker-fetch worker-socket xhr
"""
# Forms of one address: the page tries all of its ways with the first ones, and one with the others.
INSIDE = ("127.0.0.1", "inside.example", "[::1]")
OTHERWISE = ("0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "127.0.0.1.", "0.0.0.0", "[::]", "①②⑦.0.0.1")


@asynccontextmanager
async def surroundings(monkeypatch: pytest.MonkeyPatch, *, allowed: bool = False) -> AsyncIterator[tuple[Town, Canary, Egress]]:
    """A site with the tricks, the canary, and a way out; `allowed` lists the canary."""
    async with AsyncExitStack() as stack:
        bird = await stack.enter_async_context(canary())
        one = await stack.enter_async_context(town())
        one.pages |= {"/tricks": TRICKS, "/refresh": REFRESH}
        monkeypatch.setattr(guard, "PORTS", guard.PORTS | {bird.port})  # the port alone would be a reason
        closed = stack.enter_context(refusing_port())
        listed = (f"127.0.0.1:{bird.port}",) if allowed else ()
        egress = await stack.enter_async_context(way_out(one, "acme.example", closed=closed, allow_private=listed))
        yield one, bird, egress


def tricks(bird: Canary, *hosts: str) -> str:
    """The page that tries everything, with these forms of the canary's address."""
    return "http://acme.example/tricks?" + ",".join(f"{host}:{bird.port}" for host in hosts)


async def fetched(page: PageSource, url: str) -> None:
    """The page fetches it, and has its answer or its error."""
    script = f"fetch('{url}', {{mode: 'no-cors'}}).then((answer) => answer.type, (error) => error.name)"
    answer = await page.session.send("Runtime.evaluate", {"expression": script, "awaitPromise": True})
    assert answer["result"]["value"] in ("basic", "opaque", "TypeError")


@asynccontextmanager
async def fenced(egress: Egress, own: int = 1) -> AsyncIterator[BrowserPool]:
    """A pool whose pages go out there; `own` is the port of its server."""
    pool = BrowserPool(fence=Fence(egress, f"127.0.0.1:{own}"))
    try:
        yield pool
    finally:
        await pool.close()


async def test_nothing_that_a_page_of_the_pool_tries_gets_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    async with surroundings(monkeypatch) as (one, bird, egress), fenced(egress) as pool:
        page = await open_page(pool, tricks(bird, *INSIDE))
        await until(lambda: page.title == "tried")
        for host in OTHERWISE:
            await fetched(page, f"http://{host}:{bird.port}/x")
        assert not bird.hits
        assert one.asked.count("acme.example /robots.txt") == 0
        assert sum("fetch-redirect" in asked for asked in one.asked) == len(INSIDE)  # the page did try


async def test_the_same_page_gets_there_when_the_operator_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with surroundings(monkeypatch, allowed=True) as (_, bird, egress), fenced(egress) as pool:
        page = await open_page(pool, f"http://acme.example/tricks?127.0.0.1:{bird.port}")
        await until(lambda: page.title == "tried")
        ways = set(bird.hits) - {"tcp", "udp"}
        assert ways >= set(REAL.split())
        assert bird.hits["udp"] == 0  # no proxy carries it, so it goes nowhere at all


async def test_nothing_that_a_page_of_a_job_tries_gets_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    async with surroundings(monkeypatch) as (one, bird, egress):
        chromium = JobChromium(None, egress.proxy_url, extra=egress.chromium_flags)
        try:
            await chromium.start()
            account = egress.credentials(1)
            context = await chromium.context(account)
            page = await context.new_page()
            await page.goto(tricks(bird, *INSIDE[:2]))
            await page.wait_for_function("document.title === 'tried'", timeout=45_000)
            assert not bird.hits
            assert account.connections > 20  # the page did try
            refused = await page.goto(f"http://127.0.0.1:{bird.port}/straight")
            assert refused is not None
            assert refused.status == 403
            await chromium.end_context(context)
            nobody = await (await chromium.context(None)).new_page()
            with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
                await nobody.goto("http://acme.example/without-credentials")
            assert "acme.example /without-credentials" not in one.asked
            assert not bird.hits
        finally:
            await chromium.close()


async def test_a_page_inside_is_refused_before_it_opens_except_the_servers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async with surroundings(monkeypatch) as (_, bird, egress), fenced(egress, own=bird.port) as pool:
        for url in (f"http://127.0.0.1:{bird.port}/", f"localhost:{bird.port}", "https://inside.example/", "http://10.0.0.1/"):
            with pytest.raises(BadRequest, match="LIVEPANE_ALLOW_PRIVATE_TARGETS"):
                await open_page(pool, url)
        for url in ("file:///etc/passwd", "view-source:http://acme.example/", "chrome://version"):
            with pytest.raises(BadRequest, match="pages are opened at http"):
                await open_page(pool, url)
        assert pool.chromium_pid is None  # none was even started
        with pytest.raises(UrlNotLoaded, match=r"closed.example:443 accepts no connection: nothing listens there"):
            await open_page(pool, "https://closed.example/")
        page = await open_page(pool, f"http://acme.example/to?url=http://127.0.0.1:{bird.port}/by-redirect")
        assert "it is a loopback address" in await evaluate(page.session, "document.body.innerText")
        assert not bird.hits
        await open_page(pool, f"http://127.0.0.1:{bird.port}/demo", ours=True)
        await fetched(page, f"http://127.0.0.1:{bird.port}/by-script")
        assert set(bird.hits) <= {"tcp", "demo", "favicon.ico"}


async def test_a_host_means_to_us_what_it_means_to_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    async with surroundings(monkeypatch) as (_, _, egress), fenced(egress) as pool:
        page = await open_page(pool, "http://acme.example/")
        asked = [*HOSTS, *(host for host in NO_HOSTS if not set(host) & set("/@:\t"))]
        read = "(host) => { try { return new URL(`http://${host}/`).hostname } catch { return null } }"
        script = f"{json.dumps(asked)}.map({read})"
        for host, theirs in zip(asked, await evaluate(page.session, script), strict=True):
            try:
                ours = str(read_host(host))
            except NotAHost:
                continue  # stricter than a browser is safe
            assert theirs is not None, host
            assert read_host(theirs) == read_host(ours), host


async def test_chromium_trusts_whom_the_operator_trusts_and_nobody_else(tmp_path: Path) -> None:
    known, strange = certificate(tmp_path / "known", "known.example"), certificate(tmp_path / "strange", "strange.example")
    async with AsyncExitStack() as stack:
        one, addresses = await stack.enter_async_context(town()), list[str]()
        for name, its in (("known.example", known), ("strange.example", strange)):
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(its.cert, its.key)
            addresses.append(f"{name}=127.0.0.1:{await stack.enter_async_context(listening(one, tls))}")
        egress = await stack.enter_async_context(Egress(Outside(host_addresses=tuple(addresses), ca_file=known.cert)))
        pool = await stack.enter_async_context(fenced(egress))
        page = await open_page(pool, "https://known.example/")
        await until(lambda: page.title == "known.example/")
        with pytest.raises(UrlNotLoaded, match="ERR_CERT_AUTHORITY_INVALID"):
            await open_page(pool, "https://strange.example/")
