"""A fence around pages: on a server that others reach, they go out through the filtering proxy, or nowhere."""

from __future__ import annotations

from typing import Any

from livepane.browsers.cdp import Session
from livepane.browsers.url import BLANK
from livepane.domain.errors import BadRequest, UrlNotLoaded
from livepane.egress.account import Account
from livepane.egress.egress import Egress
from livepane.egress.urls import read_url
from livepane.scrapers.contract import ScrapeError


class Fence:
    """What a pool needs to keep its pages inside. One account for what people open, one for this server's own pages."""

    def __init__(self, egress: Egress, own: str) -> None:
        """`own`: host:port of this server, which its demo may show."""
        self._egress = egress
        self._own = own
        self._accounts: dict[bool, Account] = {}

    @property
    def flags(self) -> list[str]:
        """For Chromium's command line."""
        return self._egress.chromium_flags

    def account(self, *, ours: bool = False) -> Account:
        """Whose credentials a page shows to the proxy. `ours`: a page of this server, opened by itself."""
        if ours not in self._accounts:
            self._accounts[ours] = self._egress.pages("own pages" if ours else "pages", (self._own,) if ours else ())
        return self._accounts[ours]

    async def check(self, url: str, account: Account) -> None:
        """Refuse at once, with a sentence, what the proxy would refuse.

        Raises:
            BadRequest: the address is not one that may be opened from here.
            UrlNotLoaded: the name does not exist.
        """
        if url == BLANK:
            return
        try:
            target = read_url(url)
            await self._egress.guard.way(target.host, target.port, account.also)
        except ScrapeError as error:
            raise (BadRequest if error.code == "refused_target" else UrlNotLoaded)(error.message) from None

    def why(self, url: str, account: Account) -> str | None:
        """What kept a page from loading, as the proxy knows it; None when it knows nothing."""
        try:
            target = read_url(url)
        except ScrapeError:
            return None
        error = account.why(target.host, target.port)
        return error.message if error is not None else None


class Login:
    """Answers the proxy for one page. Its context remembers the answer, for frames, workers, sockets and popups as well.

    To hear of the question every request has to pass by us, so that is ended with the first answer (`done`).
    """

    def __init__(self, session: Session, account: Account) -> None:
        self._session, self._account = session, account
        self.answered = False

    async def begin(self) -> None:
        """Listen for the question."""
        self._session.on("Fetch.authRequired", self._answer)
        self._session.on("Fetch.requestPaused", self._go_on)
        await self._session.send("Fetch.enable", {"handleAuthRequests": True})

    def end(self) -> None:
        """Let requests pass by themselves: the proxy has had its answer."""
        self._session.post("Fetch.disable")  # what is held back now goes on; late events of it find nothing to do

    def _go_on(self, params: dict[str, Any]) -> None:
        self._session.post("Fetch.continueRequest", {"requestId": params["requestId"]})

    def _answer(self, params: dict[str, Any]) -> None:
        if params["authChallenge"].get("source") == "Proxy":
            self.answered = True
            shown = {"response": "ProvideCredentials", "username": self._account.username, "password": self._account.password}
        else:
            shown = {"response": "CancelAuth"}  # a site that asks for a password: nobody is there to type one
        self._session.post("Fetch.continueWithAuth", {"requestId": params["requestId"], "authChallengeResponse": shown})
