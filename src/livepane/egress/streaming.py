"""Answers that are read piece by piece: pictures and other files, whatever their size."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager

import httpcore
import httpx

from livepane.egress import errors
from livepane.egress.account import Account
from livepane.egress.guard import Guard
from livepane.egress.lines import Lines
from livepane.egress.rates import Rates
from livepane.egress.redirects import REDIRECTS, check_redirects, headers_for, redirected, wait_asked_for
from livepane.egress.robots import Ask, Robots
from livepane.egress.urls import Target, read_url
from livepane.scrapers.contract import ScrapeError, Streamed

TRIES = 3
STALL = 30.0  # s without a byte
_HEADERS = {
    "accept": "image/avif,image/webp,image/*,video/*,audio/*;q=0.9,*/*;q=0.5",
    "accept-encoding": "identity",  # a length and a range are of the file itself then
    "accept-language": "en;q=1.0,*;q=0.5",
}


class Streaming:
    """`Fetch.stream` of one job."""

    def __init__(
        self,
        account: Account,
        lines: Lines,
        guard: Guard,
        robots: Robots,
        rates: Rates,
        cookies: httpx.Cookies,
        user_agent: str,
        stall: float = STALL,
    ) -> None:
        """`stall`: seconds without a byte after which a host is given up."""
        self._account, self._lines, self._guard, self._robots, self._rates = account, lines, guard, robots, rates
        self._cookies = cookies
        self._headers = _HEADERS | {"user-agent": user_agent}
        self._stall = stall
        self._timeouts = {"timeout": {"connect": 10.0, "read": stall, "write": 10.0, "pool": 60.0}}

    async def aclose(self) -> None:
        """Close its connections."""
        await self._lines.aclose()

    @asynccontextmanager
    async def stream(self, url: str, given: Mapping[str, str], ask: Ask | None) -> AsyncIterator[Streamed]:
        """The answer to a GET, redirects followed; `ask` fetches a robots.txt, None: it is not looked at.

        Raises:
            ScrapeError: refused_target, robots_disallowed, dns, tls, timeout, http, budget; inside the block, too.
        """
        asked = target = read_url(url)
        passed = list[str]()
        headers = {name.lower(): value for name, value in given.items()}
        while True:
            if ask is not None:
                await self._robots.check(target, ask)
            async with self._answer(target, headers) as answer:
                goal = answer.headers.get("location")
                if answer.status_code not in REDIRECTS or not goal:
                    async with aclosing(self._pieces(target, answer)) as pieces:
                        yield Streamed(target.url, answer.status_code, dict(answer.headers.items()), pieces)
                    return
            passed.append(target.url)
            check_redirects(asked, passed, self._account.budget.redirects)
            before, target = target, redirected(target, goal)
            headers = headers_for(target, before, headers)

    @asynccontextmanager
    async def _answer(self, target: Target, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The head of an answer; our turn with the host lasts as long as the block. Asks again as `JobHttp` does."""
        for left in reversed(range(TRIES)):
            limiter = (self._rates.files or self._rates).limiter(target.host, target.port)
            with self._account.waiting():
                await limiter.enter()
            try:
                wait = None
                try:
                    answer = await self._ask(target, headers)
                except errors.Broken:  # an idle connection may only have been old
                    if not left or self._account.spent:
                        raise
                    wait = random.uniform(0.2, 0.6)  # noqa: S311  nobody gains by guessing it
                else:
                    try:
                        if left:
                            wait = wait_asked_for(answer.status_code, answer.headers.get("retry-after", ""))
                        if wait is None:
                            yield answer
                            return
                        self._rates.hold(target.host, target.port, wait)
                    finally:
                        await answer.aclose()
            finally:
                limiter.leave()
            with self._account.waiting():
                await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _ask(self, target: Target, headers: Mapping[str, str]) -> httpx.Response:
        self._guard.check_now(target.host, target.port)
        self._account.request()
        try:
            request = httpx.Request("GET", target.url, headers={**self._headers, **headers})
            self._cookies.set_cookie_header(request)
            url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=request.url.raw_path)
            answer = await self._lines.handle_async_request(
                httpcore.Request(b"GET", url, headers=request.headers.raw, extensions=self._timeouts)
            )
        except ScrapeError as error:
            raise self._account.spent or error from None
        except (*_HTTPCORE, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise self._named(target, error) from None
        body = _Body(answer)
        response = httpx.Response(answer.status, headers=answer.headers, stream=body, request=request)
        self._cookies.extract_cookies(response)
        return response

    async def _pieces(self, target: Target, answer: httpx.Response) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in answer.aiter_raw():
                yield piece
        except (*_HTTPCORE, ssl.SSLError, OSError) as error:
            raise self._named(target, error) from None
        self._account.check()  # cut off from here, a body without a length looks whole

    def _named(self, target: Target, error: Exception) -> ScrapeError:
        if self._account.spent is not None:
            return self._account.spent
        match error:
            case ssl.SSLError():
                return errors.tls(target.where, error)
            case httpcore.PoolTimeout():
                return ScrapeError("timeout", f"The job waited too long for a connection with {target.where}.", retry=True)
            case httpcore.TimeoutException():
                return errors.too_late(target.where, self._stall)
            case httpcore.RemoteProtocolError() if "disconnected" in str(error) or "closed" in str(error):
                return errors.broken(target.where, "it was closed before the answer was complete")
            case httpcore.ProtocolError():
                return errors.garbled(target.where, str(error)[:200])
            case httpx.InvalidURL():
                return errors.refused(repr(target.url[:200]), str(error))
            case ConnectionAbortedError():
                return ScrapeError("tls", f"No secure connection with {target.where}: its handshake takes too long.", retry=True)
            case _:
                return errors.broken(target.where, "it was reset")


_HTTPCORE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as httpcore reads it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()
