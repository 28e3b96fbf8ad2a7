"""Files over the real way out: the same rules as for pages, other turns, and the body at one's own pace."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
import time
from pathlib import Path

import pytest

from livepane.egress.account import Budget
from livepane.egress.client import JobHttp
from livepane.egress.egress import Egress
from livepane.egress.options import Outside, Politeness
from livepane.scrapers.contract import ScrapeError
from tests.certificates import certificate
from tests.integration.egress.town import QUICK, Town, canary, town, way_out

SITE = "http://acme.example"
BIG = "x" * 3_000_000


async def read(http: JobHttp, url: str) -> bytes:
    """All of it."""
    async with http.stream(url) as answer:
        return b"".join([piece async for piece in answer.pieces])


async def failing(one: Town, path: str, **more: object) -> ScrapeError:
    async with way_out(one, "acme.example", files=QUICK, answer_seconds=1.0, **more) as egress, egress.http() as http:  # type: ignore[arg-type]
        with pytest.raises(ScrapeError) as error:
            await read(http, SITE + path)
        return error.value


async def test_a_body_larger_than_any_page_comes_piece_by_piece_and_is_counted() -> None:
    async with town() as one, way_out(one, "acme.example", "cdn.example", files=QUICK) as egress, egress.http() as http:
        one.pages["/big.jpg"] = BIG
        digest, largest = hashlib.sha256(), 0
        async with http.stream(f"{SITE}/to?url=http://cdn.example/big.jpg", headers={"Referer": SITE, "Cookie": "a=b"}) as answer:
            assert (answer.url, answer.status, answer.length) == ("http://cdn.example/big.jpg", 200, len(BIG))
            async for piece in answer.pieces:
                digest.update(piece)
                largest = max(largest, len(piece))
        assert digest.digest() == hashlib.sha256(BIG.encode()).digest()
        assert 16_000 < largest < 2_000_000
        assert http.requests == 4  # with a robots.txt of each host
        assert len(BIG) < http.bytes < len(BIG) + 10_000
        first, last = one.heads[1].lower(), one.heads[-1].lower()
        assert "accept-encoding: identity" in first
        assert "user-agent: livepane/" in first
        assert "referer" in last
        assert "cookie: a=b" in first
        assert "cookie" not in last  # it was for the other host


async def test_a_body_that_is_left_early_costs_no_more_than_was_under_way() -> None:
    async with town() as one, way_out(one, "acme.example", files=QUICK) as egress, egress.http() as http:
        async with http.stream(f"{SITE}/endless") as answer:
            async for _ in answer.pieces:
                break
        assert http.bytes < 10_000_000
        async with http.stream(f"{SITE}/next") as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/loop", "budget", "in a circle"),
        ("/on-and-on", "budget", "on and on"),
        ("/silent", "timeout", "within 1 s"),
        ("/huge", "timeout", "within 1 s"),
        ("/garbage", "http", "does not answer in HTTP"),
        ("/half", "http", "before the answer was complete"),
        ("/gone", "http", "broke"),
        ("/to?url=file:///etc/passwd", "refused_target", "only http:// and https://"),
        ("/to?url=http://127.0.0.1:9/x", "refused_target", "loopback"),
        ("/to?url=http://inner.example/x", "refused_target", "loopback"),  # a name that leads to loopback
        ("/to?url=http://closed.example/x", "http", "nothing listens there"),
    ],
)
async def test_what_goes_wrong_has_a_code_and_a_sentence(path: str, code: str, words: str) -> None:
    async with town() as one:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            closed = taken.getsockname()[1]
        error = await failing(one, path, closed=closed)
    assert (error.code, words in error.message) == (code, True), error


async def test_robots_txt_counts_for_files_and_its_crawl_delay_too() -> None:
    async with town() as one:
        one.robots["acme.example"] = (200, "User-agent: *\nDisallow: /private/\nCrawl-delay: 2\n")
        error = await failing(one, "/private/1.jpg")
        assert error.code == "robots_disallowed"
        assert one.asked == ["acme.example /robots.txt"]
        async with way_out(one, "acme.example", files=QUICK) as egress, egress.http() as http:
            async with http.stream(f"{SITE}/1.jpg") as answer:
                assert answer.status == 200
            assert egress.rates.files is not None
            assert egress.rates.files.limiter("acme.example", 80).book(time.monotonic()) > 1.0


async def test_a_file_takes_no_turn_from_pages_and_holds_its_own_until_it_has_come() -> None:
    one_at_a_time = Politeness(requests_per_second=100.0, burst=100, per_host=1)
    async with (
        town() as one,
        way_out(one, "acme.example", politeness=one_at_a_time, files=one_at_a_time) as egress,
        egress.http() as http,
    ):
        async with http.stream(f"{SITE}/endless"):
            assert (await http.get(f"{SITE}/page")).status == 200
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2), http.stream(f"{SITE}/2.jpg"):
                    pass
        async with http.stream(f"{SITE}/2.jpg") as answer:
            assert answer.status == 200


async def test_a_busy_host_is_asked_again_when_it_says() -> None:
    async with town() as one, way_out(one, "acme.example", files=QUICK) as egress, egress.http() as http:
        assert await read(http, f"{SITE}/busy?status=503") == b"try 3"
        async with http.stream(f"{SITE}/busy?status=429&after=3600") as answer:
            assert answer.status == 429


async def test_a_spent_budget_ends_what_is_under_way() -> None:
    async with town() as one, way_out(one, "acme.example", files=QUICK) as egress, egress.http(Budget(bytes=500_000)) as http:
        with pytest.raises(ScrapeError, match=r"more than 0\.5 MB"):
            await read(http, f"{SITE}/endless")
        with pytest.raises(ScrapeError, match=r"more than 0\.5 MB"):
            await read(http, f"{SITE}/next")


async def test_nobody_reaches_this_machine_by_a_file() -> None:
    async with canary() as trap, Egress(Outside(files=QUICK)) as egress, egress.http() as http:
        for host in ("127.0.0.1", "[::1]", "localhost", "0.0.0.0", "2130706433"):
            with pytest.raises(ScrapeError) as error:
                async with http.stream(f"http://{host}:{trap.port}/{host}", robots=False):
                    pass
            assert error.value.code == "refused_target"
        assert not trap.hits


async def test_files_come_over_tls_from_those_who_are_trusted_only(tmp_path: Path) -> None:
    its = certificate(tmp_path, "acme.example")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(its.cert, its.key)
    async with town(tls) as one:
        one.pages["/big.jpg"] = BIG
        names = one.addresses("acme.example")
        async with (
            Egress(Outside(host_addresses=names, ca_file=its.cert, files=QUICK)) as egress,
            egress.http() as http,
        ):
            for _ in range(2):  # the second over the same connection
                assert await read(http, "https://acme.example/big.jpg") == BIG.encode()
            assert one.open <= 2  # with that of robots.txt
        async with Egress(Outside(host_addresses=names, files=QUICK)) as egress, egress.http() as http:
            with pytest.raises(ScrapeError) as error:
                async with http.stream("https://acme.example/big.jpg", robots=False):
                    pass
            assert error.value.code == "tls"


async def test_connections_end_with_the_job() -> None:
    async with town() as one, way_out(one, "acme.example", files=QUICK) as egress:
        http = egress.http()
        assert await read(http, f"{SITE}/1.jpg")
        await http.aclose()
        with pytest.raises(ScrapeError, match="The job is over"):
            await read(http, f"{SITE}/2.jpg")
