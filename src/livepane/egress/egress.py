"""The way out of one server: a guard, a proxy, robots.txt and rates that all jobs share, and an account for each."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx

from livepane.domain.host import AllowList, read_host_addresses
from livepane.egress.absent import remember_absent
from livepane.egress.account import UNLIMITED, Account, Budget
from livepane.egress.client import JobHttp
from livepane.egress.guard import Guard, Resolve
from livepane.egress.options import Outside
from livepane.egress.proxy import Proxy
from livepane.egress.rates import Rates
from livepane.egress.robots import Robots
from livepane.egress.trust import key_hashes, trust


class Egress:
    """`async with Egress(Outside.of(settings)) as egress:` one for a server, or for a command that fetches by itself."""

    def __init__(self, outside: Outside | None = None, *, resolve: Resolve | None = None, answer_seconds: float = 60.0) -> None:
        """`resolve` looks names up instead of the system; `answer_seconds` is how long one answer may take, to its end.

        Raises:
            ValueError: an option that cannot be read; the message names it.
        """
        self._outside = outside or Outside()
        allowed = AllowList(self._outside.allow_private)
        self.guard = Guard(allowed, read_host_addresses(self._outside.host_addresses), resolve)
        self.proxy = Proxy(self.guard)
        self.rates = Rates(self._outside.politeness, Rates(self._outside.files))
        self._robots = Robots(self.rates)
        self._answer_seconds = answer_seconds
        self._trust: ssl.SSLContext | None = None
        remember_absent("sniffio")

    async def __aenter__(self) -> Self:
        await self.proxy.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.proxy.__aexit__(kind, error, trace)
        self.guard.close()

    @property
    def proxy_url(self) -> str:
        """Where browsers go out, such as http://127.0.0.1:40123; it asks for credentials."""
        return self.proxy.url

    @property
    def user_agent(self) -> str:
        """Who we say we are."""
        return self._outside.user_agent

    @property
    def chromium_flags(self) -> list[str]:
        """What a Chromium that goes out here is started with.

        `<-loopback>`: else it asks loopback and link-local addresses directly. The WebRTC policy keeps STUN from going
        around the proxy by UDP. No name is ever looked up by Chromium itself.
        """
        flags = [
            f"--proxy-server={self.proxy_url}",
            "--proxy-bypass-list=<-loopback>",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--disable-quic",
            "--dns-prefetch-disable",
        ]
        return flags + self.trust_flags

    @property
    def trust_flags(self) -> list[str]:
        """For a Chromium that goes out here in another way: which certificates it accepts besides."""
        if self._outside.ca_file is None:
            return []
        return [f"--ignore-certificate-errors-spki-list={','.join(key_hashes(self._outside.ca_file))}"]

    def credentials(self, name: str | int, budget: Budget | None = None) -> Account:
        """The account of a job: `username` and `password` for the contexts of its pages. Opened, when it is not.

        An account that is open keeps the budget that it was opened with. `close` it when the job is over, or its `http`.
        """
        username = f"job-{name}" if isinstance(name, int) else name
        if (found := self.proxy.find(username)) is not None:
            return found
        account = Account(username, budget or Budget())
        self.proxy.open(account)
        return account

    def pages(self, name: str, also: Sequence[str] = ()) -> Account:
        """An account for pages that people open: without limits, and with private targets of its own."""
        account = Account(name, UNLIMITED, also=AllowList(also), patience=None)
        self.proxy.open(account)
        return account

    def http(self, budget: Budget | None = None, name: str | int = "http") -> JobHttp:
        """The HTTP client of a job, on the account of that name. Close it: that closes the account."""
        from livepane.egress.lines import Lines  # and with it httpcore

        account = self.credentials(name, budget)
        if self._trust is None:  # 10 ms that a server without jobs need not spend
            self._trust = trust(self._outside.ca_file)
        proxy = httpx.Proxy(self.proxy_url, auth=(account.username, account.password))
        limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=15.0)
        transport = httpx.AsyncHTTPTransport(verify=self._trust, proxy=proxy, limits=limits, trust_env=False)
        lines = Lines(self.guard, account, self._trust)
        return JobHttp(
            account, transport, lines, self.user_agent, self.guard, self._robots, self.rates,
            answer_seconds=self._answer_seconds, on_close=lambda: self.proxy.close(account),
        )  # fmt: skip

    def close(self, name: str | int) -> None:
        """The job is over: its credentials open nothing any more, and its connections are closed."""
        if (found := self.proxy.find(f"job-{name}" if isinstance(name, int) else name)) is not None:
            self.proxy.close(found)
