"""The proxy itself, spoken to by hand: who may use it, what it passes on, and when it hangs up."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from livepane.egress.account import Account, Budget
from livepane.egress.egress import Egress
from tests.integration.egress.town import Town, town, way_out
from tests.integration.web import until

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def speaking(egress: Egress, words: bytes) -> AsyncIterator[Streams]:
    """A connection with the proxy that begins with these words."""
    reader, writer = await asyncio.open_connection("127.0.0.1", egress.proxy.port)
    writer.write(words)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answer_to(egress: Egress, words: bytes) -> bytes:
    """All that it says to them, until it hangs up."""
    async with speaking(egress, words) as (reader, _):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b"reset"


def shown(account: Account, *, password: str | None = None) -> bytes:
    """The header with the credentials of an account."""
    pair = f"{account.username}:{account.password if password is None else password}".encode()
    return b"Proxy-Authorization: Basic " + base64.b64encode(pair) + b"\r\n"


@asynccontextmanager
async def acme(budget: Budget | None = None) -> AsyncIterator[tuple[Town, Egress, Account]]:
    """A town with acme.example, a way out, and an account."""
    async with town() as one, way_out(one, "acme.example") as egress:
        yield one, egress, egress.credentials(7, budget)


async def test_only_those_with_the_credentials_of_a_job_that_runs_may_use_it() -> None:
    async with acme() as (one, egress, account):
        wrong = [b"", b"Proxy-Authorization: Basic !!!\r\n", b"Proxy-Authorization: Bearer x\r\n", shown(account, password=""),
                 shown(account, password="guess"), shown(Account("job-8", Budget()))]  # fmt: skip
        for header in wrong:
            for words in (b"CONNECT acme.example:80 HTTP/1.1\r\n", b"GET http://acme.example/ HTTP/1.1\r\n"):
                assert (await answer_to(egress, words + header + b"\r\n")).startswith(b"HTTP/1.1 407 "), header
        said = await answer_to(egress, b"GET http://acme.example/ HTTP/1.1\r\n" + shown(account) + b"\r\n")
        assert said.startswith(b"HTTP/1.1 200 Fine\r\n")
        egress.close(7)
        again = await answer_to(egress, b"GET http://acme.example/ HTTP/1.1\r\n" + shown(account) + b"\r\n")
        assert again.startswith(b"HTTP/1.1 407 ")
        assert one.asked == ["acme.example /"]
        assert "proxy" not in one.heads[0].lower()


async def test_a_web_page_that_asks_it_like_a_server_gets_nothing() -> None:
    async with acme() as (_, egress, account):
        for words in (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"GET http://[/ HTTP/1.1\r\n", b"\x16\x03\x01\x00\x00\r\n"):
            assert (await answer_to(egress, words + shown(account) + b"\r\n")).startswith(b"HTTP/1.1 400 ")
        assert (await answer_to(egress, b"GET http://a.example/ HTTP/1.1\r\nX: " + b"x" * 70_000)).startswith(
            (b"HTTP/1.1 431 ", b"reset")
        )


@pytest.mark.parametrize("goal", ["127.0.0.1:80", "other.example:22", "inside.example:443", "[::ffff:7f00:1]:443"])
async def test_a_line_that_leads_inside_is_refused_in_a_sentence(goal: str) -> None:
    async with acme() as (one, egress, account):
        words = f"CONNECT {goal} HTTP/1.1\r\n".encode() + shown(account) + b"\r\n"
        said = await answer_to(egress, words)
        assert said.startswith(b"HTTP/1.1 403 ")
        assert b"Proxy-Status: livepane; error=refused_target" in said
        host, _, port = goal.rpartition(":")
        error = account.why({"[::ffff:7f00:1]": "127.0.0.1"}.get(host, host), int(port))
        assert error is not None
        assert error.code == "refused_target"
        assert not one.asked


async def test_one_connection_is_for_one_plain_request() -> None:
    async with acme() as (one, egress, account):
        both = b"GET http://acme.example/first HTTP/1.1\r\n" + shown(account) + b"\r\n"
        both += b"GET http://inside.example/second HTTP/1.1\r\n" + shown(account) + b"\r\n"
        said = await answer_to(egress, both)
        assert said.count(b"HTTP/1.1 200 Fine") >= 1
        assert b"Connection: close" in said
        assert "acme.example /first" in one.asked
        assert not any(asked.startswith("inside.example /") for asked in one.asked)


async def test_what_a_line_moves_is_counted_and_a_job_that_is_over_is_hung_up_on() -> None:
    async with acme() as (one, egress, account):
        words = b"CONNECT acme.example:443 HTTP/1.1\r\n" + shown(account) + b"\r\n"
        async with speaking(egress, words) as (reader, writer):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            request = b"GET /inside-the-line HTTP/1.1\r\nHost: acme.example\r\n\r\n"
            writer.write(request)
            said = await reader.readuntil(b"</title>")
            assert account.sent == len(request)
            assert account.received == len(said)
            assert (account.connections, one.open) == (1, 1)
            egress.close(7)
            assert await reader.read() == b""
        await until(lambda: one.open == 0)


async def test_a_job_that_moves_too_much_or_connects_too_often_is_hung_up_on() -> None:
    async with acme(Budget(bytes=500_000, requests=2)) as (one, egress, account):
        said = await answer_to(egress, b"GET http://acme.example/endless HTTP/1.1\r\n" + shown(account) + b"\r\n")
        assert len(said) < 2_000_000
        assert account.spent is not None
        assert account.spent.code == "budget"
        refused = await answer_to(egress, b"CONNECT acme.example:443 HTTP/1.1\r\n" + shown(account) + b"\r\n")
        assert refused.startswith(b"HTTP/1.1 403 ")
        await until(lambda: one.open == 0)
        few = egress.credentials(8, Budget(requests=1))
        words = b"GET http://acme.example/ HTTP/1.1\r\n" + shown(few) + b"\r\n"
        assert (await answer_to(egress, words)).startswith(b"HTTP/1.1 200 ")
        assert (await answer_to(egress, words)).startswith(b"HTTP/1.1 403 ")


async def test_a_client_that_goes_away_takes_its_connection_with_it() -> None:
    async with acme() as (one, egress, account):
        for words in (b"GET http://acme.example/silent HTTP/1.1\r\n", b"CONNECT acme.example:80 HTTP/1.1\r\n"):
            async with speaking(egress, words + shown(account) + b"\r\n"):
                await until(lambda: one.open == 1)
            await until(lambda: one.open == 0)


async def test_nothing_is_left_when_it_ends() -> None:
    async with town() as one:
        async with way_out(one, "acme.example") as egress:
            words = b"CONNECT acme.example:80 HTTP/1.1\r\n" + shown(egress.credentials(1)) + b"\r\n"
            reader, writer = await asyncio.open_connection("127.0.0.1", egress.proxy.port)
            writer.write(words)
            await reader.readuntil(b"\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        await until(lambda: one.open == 0)
        with pytest.raises(OSError):  # noqa: PT011  refused
            await asyncio.open_connection("127.0.0.1", egress.proxy.port)
