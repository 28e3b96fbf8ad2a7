"""Whether an answer brings a file, judged by its status."""

from __future__ import annotations

from urllib.parse import urlsplit

from livepane.scrapers.contract import ScrapeError, Streamed

_CODES = {401: "login", 402: "login", 403: "blocked", 404: "not_found", 410: "not_found", 429: "blocked", 451: "blocked"}
_WORDS = {401: "(sign in first)", 403: "(forbidden)", 404: "(not found)", 410: "(gone)", 429: "(too many requests)"}
_WITH_ONE = frozenset({200, 206})


def check_file(answer: Streamed, *also: int) -> None:
    """See that it brings one; `also`: statuses that whoever asks knows what to do with.

    Raises:
        ScrapeError: `not_found`, `blocked`, `login`, `bad_file`, `http`; the last with `retry` where it may pass.
    """
    status, where = answer.status, urlsplit(answer.url).netloc
    if status in _WITH_ONE or status in also:
        return
    if status in (204, 416) or 300 <= status < 400:
        raise ScrapeError("bad_file", f"{where} answers {status}, without a file")
    retry = status >= 500 or status in (408, 425)
    raise ScrapeError(_CODES.get(status, "http"), f"{where} answers {status} {_WORDS.get(status, '')}".rstrip(), retry=retry)
