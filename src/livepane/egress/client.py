"""The HTTP client of one job: public targets, robots.txt, rates and budget are kept, whoever calls it."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx

from livepane.deadline import within
from livepane.egress import errors, unpack
from livepane.egress.account import Account
from livepane.egress.guard import Guard
from livepane.egress.rates import Rates
from livepane.egress.redirects import REDIRECTS, check_redirects, headers_for, redirected, wait_asked_for
from livepane.egress.robots import LONGEST, Robots
from livepane.egress.robots import REDIRECTS as ROBOTS_REDIRECTS
from livepane.egress.urls import Target, read_url
from livepane.scrapers.contract import Fetched, ScrapeError, Streamed

if TYPE_CHECKING:
    from livepane.egress.lines import Lines

TRIES = 3
_HEADERS = {
    "accept": "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.8",
    "accept-encoding": unpack.ACCEPTED,
    "accept-language": "en;q=1.0,*;q=0.5",
}
_EXTENSIONS = {"timeout": httpx.Timeout(20.0, pool=60.0).as_dict()}  # s for each step; `answer_seconds` is for all of them

Packed = bytes | None


class JobHttp:
    """`Fetch` of `scrapers/contract.py`, with the counters of its account. `async with`, or `aclose` at its end."""

    def __init__(
        self,
        account: Account,
        transport: httpx.AsyncBaseTransport,
        lines: Lines,
        user_agent: str,
        guard: Guard,
        robots: Robots,
        rates: Rates,
        *,
        answer_seconds: float,
        on_close: Callable[[], None],
    ) -> None:
        self.account = account
        self._transport = transport
        self._cookies = httpx.Cookies()
        self._headers = _HEADERS | {"user-agent": user_agent}
        self._guard = guard
        self._robots = robots
        self._rates = rates
        self._answer_seconds = answer_seconds
        self._on_close = on_close
        from livepane.egress.streaming import STALL, Streaming  # and with it httpcore

        stall = min(STALL, answer_seconds)
        self._streaming = Streaming(account, lines, guard, robots, rates, self._cookies, user_agent, stall)

    @property
    def requests(self) -> int:
        """That were made so far, with those for robots.txt."""
        return self.account.requests

    @property
    def bytes(self) -> int:
        """That went over the line so far, in both directions."""
        return self.account.bytes

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """The job is over: its connections are closed, those of its pages too."""
        self._on_close()
        await self._streaming.aclose()
        await self._transport.aclose()

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = True) -> Fetched:
        """GET, redirects followed. Any status is an answer; 429 and 503 are asked again when they say when.

        Raises:
            ScrapeError: refused_target, robots_disallowed, dns, tls, timeout, http, budget.
        """
        return await self._fetch("GET", read_url(url), dict(headers or {}), None, robots=robots)

    async def post_json(
        self, url: str, body: object, *, headers: Mapping[str, str] | None = None, robots: bool = True
    ) -> Fetched:
        """POST of a JSON document; otherwise as `get`."""
        packed = json.dumps(body, ensure_ascii=False).encode()
        given = {"accept": "application/json", "content-type": "application/json"} | dict(headers or {})
        return await self._fetch("POST", read_url(url), given, packed, robots=robots)

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = True
    ) -> AbstractAsyncContextManager[Streamed]:
        """GET of a file: its body is read inside the block, at its own pace. Files have turns with a host of their own.

        Raises:
            ScrapeError: as `get`, inside the block, too.
        """
        return self._streaming.stream(url, headers or {}, self._ask_robots if robots else None)

    async def permit(self, url: str) -> None:
        """Wait until a browser may open this URL: it is checked, robots.txt allows it, it is our turn with its host.

        Raises:
            ScrapeError: as `get`.
        """
        target = read_url(url)
        await self._guard.way(target.host, target.port, self.account.also)
        await self._robots.check(target, self._ask_robots)
        with self.account.waiting():
            async with self._rates.turn(target.host, target.port):
                pass
        self.account.check()

    async def _fetch(self, method: str, target: Target, headers: dict[str, str], body: Packed, *, robots: bool) -> Fetched:
        asked, passed = target, list[str]()
        while True:
            if robots:
                await self._robots.check(target, self._ask_robots)
            answer = await self._try(method, target, headers, body)
            goal = answer.headers.get("location")
            if answer.status not in REDIRECTS or not goal:
                return Fetched(answer.url, answer.status, answer.headers, answer.body, asked.url, tuple(passed))
            passed.append(target.url)
            check_redirects(asked, passed, self.account.budget.redirects)
            before, target = target, redirected(target, goal)
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, body = "GET", None
                headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
            headers = headers_for(target, before, headers)

    async def _ask_robots(self, target: Target) -> Fetched:
        """Out of turn: it is asked once a day, and for the host's own sake."""
        asked, passed = target, list[str]()
        while True:
            answer = await self._once("GET", target, {"accept": "text/plain,*/*;q=0.5"}, None, cut=LONGEST)
            goal = answer.headers.get("location")
            if answer.status not in REDIRECTS or not goal:
                return answer
            passed.append(target.url)
            if len(passed) > ROBOTS_REDIRECTS:
                return Fetched(asked.url, 404, {}, b"")  # as if there were none (RFC 9309 §2.3.1.2)
            target = redirected(target, goal)

    async def _try(self, method: str, target: Target, headers: dict[str, str], body: Packed) -> Fetched:
        """Ask, and again when the host says when, or when a connection broke that may only have been old."""
        for left in reversed(range(TRIES)):
            try:
                limiter = self._rates.limiter(target.host, target.port)
                with self.account.waiting():
                    await limiter.enter()
                try:
                    answer = await self._once(method, target, headers, body)
                finally:
                    limiter.leave()
            except ScrapeError as error:
                if not left or method != "GET" or not isinstance(error, errors.Broken) or self.account.spent:
                    raise
                wait = random.uniform(0.2, 0.6)  # noqa: S311  nobody gains by guessing it
            else:
                asked_for = wait_asked_for(answer.status, answer.headers.get("retry-after", ""))
                if not left or asked_for is None:
                    return answer
                self._rates.hold(target.host, target.port, asked_for)
                wait = asked_for
            with self.account.waiting():
                await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _once(
        self, method: str, target: Target, headers: dict[str, str], body: Packed, *, cut: int | None = None
    ) -> Fetched:
        self._guard.check_now(target.host, target.port)
        self.account.request()
        try:
            async with within(self._answer_seconds):
                return await self._send(method, target, headers, body, cut)
        except TimeoutError:
            raise self._because(target) or errors.too_late(target.where, self._answer_seconds) from None

    async def _send(self, method: str, target: Target, headers: dict[str, str], body: Packed, cut: int | None) -> Fetched:
        limit = cut or self.account.budget.body
        given = self._headers | {name.lower(): value for name, value in headers.items()}
        try:
            request = httpx.Request(method, target.url, headers=given, content=body, extensions=_EXTENSIONS)
            self._cookies.set_cookie_header(request)
            # Not by httpx.AsyncClient: that reads where an answer redirects to, and has another idea of what a URL is.
            answer = await self._transport.handle_async_request(request)
            try:
                answer.request = request
                self._cookies.extract_cookies(answer)
                return await self._read(target, answer, limit, cut=cut is not None)
            finally:
                await answer.aclose()
        except unpack.TooLong:
            raise errors.over_budget(f"{target.url} is larger than {limit / 1e6:g} MB, unpacked; that much is read.") from None
        except unpack.BadBody as error:
            raise errors.garbled(target.where, str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise self._because(target, error) or _named(target, error) from None

    async def _read(self, target: Target, answer: httpx.Response, limit: int, *, cut: bool) -> Fetched:
        if target.scheme == "http" and "proxy-status" in answer.headers:  # the proxy takes it off answers of others
            raise self.account.why(target.host, target.port) or errors.broken(target.where, "the proxy gave up")
        unpacking = unpack.Unpacking(answer.headers.get("content-encoding", ""), limit, cut=cut)
        declared = answer.headers.get("content-length", "")
        if not cut and declared.isdigit() and int(declared[:20]) > limit:
            raise unpack.TooLong
        async for piece in answer.aiter_raw():
            unpacking.feed(piece)
            if unpacking.full:
                break
        self.account.check()  # cut off by the proxy, a body without a length looks whole
        url = target.url + (f"#{target.fragment}" if target.fragment else "")
        return Fetched(url, answer.status_code, dict(answer.headers.items()), unpacking.end(), target.url)

    def _because(self, target: Target, error: Exception | None = None) -> ScrapeError | None:
        """What the proxy knows of it."""
        if self.account.spent is not None:
            return self.account.spent
        return self.account.why(target.host, target.port) if isinstance(error, httpx.ProxyError) else None


def _named(target: Target, error: Exception) -> ScrapeError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLWantReadError | ssl.SSLWantWriteError):
            return errors.tls(target.where, cause)
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.PoolTimeout():
            return ScrapeError("timeout", f"The job waited too long for a connection with {target.where}.", retry=True)
        case httpx.TimeoutException():
            return ScrapeError("timeout", f"{target.where} did not answer in time.", retry=True)
        case httpx.RemoteProtocolError() if "disconnected" in str(error) or "closed" in str(error):
            return errors.broken(target.where, "it was closed before the answer was complete")
        case httpx.RemoteProtocolError() | httpx.LocalProtocolError():
            return errors.garbled(target.where, str(error)[:200])
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return errors.refused(repr(target.url[:200]), str(error))
        case _:
            return errors.broken(target.where, "it was reset")
