"""What stands where a gallery should be: an error, a login, a challenge, nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.media.seen import View
from livepane.scrapers.media.words import LOGIN

_CHALLENGE = re.compile(
    r"just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|access denied|"
    r"unusual traffic|enable javascript and cookies to continue|captcha",
    re.IGNORECASE,
)
_GONE = re.compile(r"\b(?:page not found|404|not found|seite nicht gefunden|page introuvable|no encontrada)\b", re.IGNORECASE)
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|signin|account/login|auth|sso|accounts?)(?:/|$|\?)", re.IGNORECASE)


def of_status(url: str, status: int) -> ScrapeError | None:
    """The error that an answer is; None: a page."""
    if status < 400:
        return None
    if status in {404, 410}:
        return ScrapeError("not_found", f"{url} answers {status}: there is no such page. Check its address.")
    if status in {401, 407}:
        return ScrapeError("login", f"{url} answers {status}: it is only for those who have signed in.")
    if status in {403, 429, 451} or status == 503:
        return ScrapeError("blocked", f"{url} answers {status}: the site does not let us in.", retry=status in {429, 503})
    return ScrapeError("http", f"{url} answers {status}.", retry=status >= 500)


def of_page(url: str, view: View) -> ScrapeError:
    """Why a page without items has none."""
    head = f"{view.title} {view.heading}"
    if view.passwords or (LOGIN.search(head) and _LOGIN_PATH.search(urlsplit(view.url).path)):
        return ScrapeError("login", f"{url} asks to sign in ({view.url}); what is behind that is not fetched.")
    if _CHALLENGE.search(head) or (len(view.words) < 400 and _CHALLENGE.search(view.words)):
        return ScrapeError("blocked", f"{url} shows a challenge instead of the page ({view.title[:80]!r}).", retry=True)
    if _GONE.search(head):
        return ScrapeError("not_found", f"{url} says that there is no such page ({head.strip()[:80]!r}).")
    title = f" ({view.title[:80]!r})" if view.title else ""
    return ScrapeError("unknown", f"no pictures, videos or sounds are found at {url}{title}")
