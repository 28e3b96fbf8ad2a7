"""Heads of messages, packed bodies, turns, and the moments that servers name: what the way out decides without sockets."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.egress import errors
from livepane.egress.heads import BadHead, back, onward, read_request
from livepane.egress.options import Politeness
from livepane.egress.rates import Limiter, Rates, vendor_of
from livepane.egress.redirects import retry_after
from livepane.egress.unpack import BadBody, TooLong, Unpacking
from livepane.egress.urls import read_url
from livepane.scrapers.contract import ScrapeError


def test_a_plain_request_goes_on_without_what_was_for_the_proxy() -> None:
    request = read_request(
        b"GET http://Acme.example/jobs?a=1 HTTP/1.1\r\nHost: other.example\r\nProxy-Authorization: Basic eA==\r\n"
        b"Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nUpgrade: h2c\r\nAccept: */*\r\n\r\n"
    )
    assert (request.host, request.port, request.tunnel) == ("Acme.example", 80, False)
    assert onward(request, "acme.example") == (
        b"GET /jobs?a=1 HTTP/1.1\r\nHost: acme.example\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    )


def test_an_answer_comes_back_without_anything_in_the_name_of_the_proxy() -> None:
    status, head = back(b"HTTP/1.1 200 OK\r\nProxy-Status: livepane; error=dns\r\nKeep-Alive: 5\r\nX: 1\r\n\r\n")
    assert (status, head) == (200, b"HTTP/1.1 200 OK\r\nX: 1\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET https://acme.example/ HTTP/1.1\r\n\r\n",
        b"GET http://user@acme.example/ HTTP/1.1\r\n\r\n",
        b"GET http://acme.example\\@evil.example/ HTTP/1.1\r\n\r\n",
        b"GET ftp://acme.example/ HTTP/1.1\r\n\r\n",
        b"CONNECT acme.example HTTP/1.1\r\n\r\n",
        b"CONNECT acme.example:99999 HTTP/1.1\r\n\r\n",
        b"CONNECT [::1%25lo]:80 HTTP/1.1\r\n\r\n",
        b"GET http://acme.example/ HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET http://acme.example/ HTTP/1.1\r\nA: 1\nB: 2\r\n\r\n",
        b"GET http://acme.example/ HTTP/1.1\r\nA : 1\r\n\r\n",
        b"GET http://acme.example/ HTTP/2\r\n\r\n",
        b"GET http://acme.example/" + b"".join(b"\r\nA: 1" for _ in range(201)) + b"\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
    ],
)
def test_what_is_no_request_to_a_proxy_is_refused(head: bytes) -> None:
    with pytest.raises(BadHead):
        read_request(head)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_a_bad_one(head: bytes) -> None:
    for read in (read_request, back):
        for start in (b"", b"GET http://a.example/ HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n"):
            try:
                read(start + head + b"\r\n\r\n")
            except BadHead:
                continue


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://ACME.example", "http://acme.example/"),
        ("https://acme.example:443/a b", "https://acme.example/a%20b"),
        ("http://0x7f.1:8080/x#y", "http://127.0.0.1:8080/x"),
        (" https://bücher.example/ü?q=ü ", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
    ],
)
def test_a_url_has_one_plain_form(text: str, url: str) -> None:
    assert read_url(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        *(
            "file:///etc/passwd",
            "view-source:http://acme.example/",
            "chrome://version",
            "javascript:alert(1)",
            "data:text/html,x",
        ),
        *(
            "ftp://acme.example/",
            "http:acme.example",
            "http:///x",
            "http://user:pw@acme.example/",
            "http://acme.example\\@evil.example/",
        ),
        *(
            "http://acme.example:0/",
            "http://acme.example:99999/",
            "http://a\x00b/",
            "http://256.1.1.1/",
            "//acme.example/",
            "acme.example",
        ),
        *("http://acme.exam\tple/", "http://[::1/", "http://" + "a" * 9000 + ".example/", ""),
    ],
)
def test_what_may_not_be_fetched_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ScrapeError) as error:
        read_url(text)
    assert error.value.code == "refused_target"
    assert len(error.value.message) < 400


@given(st.text(max_size=60))
def test_any_text_is_refused_or_a_url_with_one_plain_form(text: str) -> None:
    for start in ("", "http://", "https://acme.example/"):
        try:
            target = read_url(start + text)
        except ScrapeError:
            continue
        assert read_url(target.url).url == target.url


@given(st.binary(max_size=2000), st.integers(1, 700), st.sampled_from(["gzip", "deflate", "raw", ""]))
def test_a_packed_body_is_unpacked_however_it_is_cut(body: bytes, size: int, how: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), "raw": raw.compress(body) + raw.flush(), "": body}[how]
    unpacking = Unpacking("deflate" if how == "raw" else how, 10_000)
    if len(packed) > 1:
        unpacking.feed(packed[:2])  # the first bytes tell which of its two forms a deflate is
        packed = packed[2:]
    for start in range(0, len(packed), size):
        unpacking.feed(packed[start : start + size])
    assert unpacking.end() == body


@pytest.mark.parametrize("how", ["gzip", "deflate"])
def test_a_small_body_does_not_become_a_large_one(how: str) -> None:
    bomb = gzip.compress(bytes(50_000_000)) if how == "gzip" else zlib.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    unpacking = Unpacking(how, 1_000_000)
    with pytest.raises(TooLong):
        unpacking.feed(bomb)
    assert len(unpacking.body) <= 1_000_000
    cut = Unpacking(how, 1_000, cut=True)
    cut.feed(bomb)
    assert (cut.full, cut.end()) == (True, bytes(1_000))


@pytest.mark.parametrize(
    ("how", "body"), [("gzip", b"plain text"), ("br", b"x"), ("gzip", gzip.compress(b"x" * 99, mtime=0)[:9])]
)
def test_a_body_that_is_not_packed_as_it_says_is_an_error(how: str, body: bytes) -> None:
    with pytest.raises(BadBody):  # noqa: PT012  the first, the next or the last may find it
        unpacking = Unpacking(how, 100)
        unpacking.feed(body)
        unpacking.end()


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    limiter = Limiter(rate=2.0, burst=3, places=9)
    assert [limiter.book(1000.0) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert limiter.book(1010.0) == 0.0  # the bucket has filled meanwhile


async def test_no_more_than_the_places_are_in_at_once_and_one_who_leaves_the_queue_takes_none() -> None:
    rates = Rates(Politeness(requests_per_second=100.0, burst=50, per_host=2))
    inside, go = list[int](), asyncio.Event()

    async def visit(number: int) -> None:
        async with rates.turn("acme.example", 443):
            inside.append(number)
            await go.wait()

    async with asyncio.TaskGroup() as group:
        visits = [group.create_task(visit(number)) for number in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert inside == [0, 1]
        visits[2].cancel()
        rates.change(Politeness(requests_per_second=100.0, burst=50, per_host=3))
        for _ in range(5):
            await asyncio.sleep(0)
        assert inside == [0, 1, 3]
        go.set()
    assert inside == [0, 1, 3, 4]


def test_the_hosts_of_a_vendor_share_a_limit_and_others_do_not() -> None:
    assert vendor_of("boards-api.greenhouse.io") == vendor_of("boards.greenhouse.io")
    assert vendor_of("acme.workable.com") is not None
    assert vendor_of("notgreenhouse.io") is None
    assert vendor_of("acme.wd5.myworkdayjobs.com") is None


async def test_a_crawl_delay_slows_its_host_and_no_other() -> None:
    rates = Rates(Politeness(longest_crawl_delay=5.0))
    rates.slow("slow.example", 443, 60.0)
    slow, other = rates.limiter("slow.example", 443), rates.limiter("slow.example", 80)
    assert [slow.book(0.0) for _ in range(3)] == [0.0, 5.0, 10.0]
    assert [other.book(0.0) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_a_retry_after_is_a_number_or_a_date() -> None:
    assert retry_after("7") == 7.0
    assert retry_after("") is None
    assert retry_after("soon") is None
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=100)))
    assert soon is not None
    assert 90 < soon <= 100
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after("9" * 400) == 1e6


def test_what_chromium_says_becomes_an_error_that_a_person_understands() -> None:
    said = {
        "page.goto: net::ERR_CERT_DATE_INVALID at https://a/": "tls",
        "net::ERR_NAME_NOT_RESOLVED": "dns",
        "net::ERR_CONNECTION_TIMED_OUT": "timeout",
        "net::ERR_TOO_MANY_REDIRECTS": "budget",
        "net::ERR_EMPTY_RESPONSE": "http",
        "net::ERR_UNSAFE_PORT": "refused_target",
    }
    for text, code in said.items():
        error = errors.of_chromium("a.example", text)
        assert error is not None
        assert error.code == code
    assert errors.of_chromium("a.example", "Timeout 30000ms exceeded") is None
