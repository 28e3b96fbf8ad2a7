"""What an error of Playwright means to a job."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from livepane.egress import errors
from livepane.egress.account import Account
from livepane.scrapers.contract import ScrapeError

_URL = re.compile(r"https?://[^\s\"'<>]+")
_CRASHED = ("Page crashed", "Target crashed")


def died() -> ScrapeError:
    """Chromium has ended under the job."""
    return ScrapeError("browser", "Chromium ended while it was in use.", retry=True)


def refused(url: str, said: str, account: Account | None) -> ScrapeError:
    """The proxy answered instead of the page at `url`, and `said` why."""
    return _known(url, account) or ScrapeError("http", said[:500] or f"{url} was not fetched.")


def first(error: Exception) -> Exception:
    """What went wrong first, where several tasks of a scraper have failed together."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def meaning(error: Exception, account: Account | None) -> ScrapeError | None:
    """The ScrapeError that an error of Playwright stands for; None: one that only its scraper's author understands."""
    from playwright.async_api import Error, TimeoutError

    if isinstance(error, ScrapeError) or not isinstance(error, Error):
        return None
    said = error.message
    first = said.partition("\n")[0]
    if any(words in said for words in _CRASHED):
        return ScrapeError("browser", "The page crashed: its renderer process ended.", retry=True)
    found = _URL.search(said)
    if found is not None and (why := _known(found.group(), account)) is not None:
        return why
    if isinstance(error, TimeoutError):
        return ScrapeError("timeout", first, retry=True)
    return errors.of_chromium(urlsplit(found.group()).netloc if found else "the page", said)


def _known(url: str, account: Account | None) -> ScrapeError | None:
    """What the proxy knows: it knows more than Chromium was told."""
    parts = urlsplit(url)
    if account is None or not parts.hostname:
        return None
    return account.why(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
