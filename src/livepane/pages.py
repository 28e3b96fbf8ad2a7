"""Pages that Livepane opens itself, and tabs of a running Chrome, as streams of the hub."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from livepane.browsers.page import View
from livepane.browsers.pool import BrowserPool
from livepane.domain.errors import TooMany, Unavailable
from livepane.domain.stream import Kind, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.sources.page import PageSource, open_page
from livepane.sources.tab import ChromeTabs

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0 o 1 l: people read ids to each other


class Pages:
    """Opens pages in the pool and shows them; pops up what they pop up."""

    def __init__(self, hub: Hub, pool: BrowserPool, *, limit: int) -> None:
        self._hub, self._pool, self._limit = hub, pool, limit

    async def open(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 720,
        scale: float = 1.0,
        ours: bool = False,
        mask: Sequence[str] = (),
    ) -> tuple[Stream, PageSource]:
        """A new page as a stream `page:…`.

        Args:
            url: http or https.
            width, height: of the page in CSS px.
            scale: device pixels per CSS px.
            ours: it is one of this server's own pages, which may be opened whatever address the server has.
            mask: CSS selectors of what is painted over in its pictures, beside password fields; pages that it opens, too.

        Raises:
            TooMany: the limit of open pages is reached.
            BadRequest, UrlNotLoaded, NoBrowser: as the pool says.
        """
        here = [stream for stream in self._hub.list() if stream.node is None]
        open_now = sum(stream.can_close and stream.id.kind is Kind.PAGE for stream in here)
        if open_now >= self._limit:
            raise TooMany(f"{open_now} pages are open already; close one, or raise LIVEPANE_MAX_PAGES")
        page = await open_page(self._pool, url, View(width, height, scale), ours=ours, mask=mask)
        return self._show(page), page

    def _show(self, page: PageSource) -> Stream:
        name = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        stream = self._hub.add(StreamId(Kind.PAGE, name), page, title=page.title or page.url, url=page.url, can_close=True)
        stream.describe(masked=page.is_masked)
        page.on_describe = lambda title, url: stream.describe(title=title, url=url)
        page.on_gone = stream.end
        page.on_popup = self._show_popup
        return stream

    def _show_popup(self, page: PageSource) -> None:
        self._show(page)


class Tabs:
    """Tabs of a Chrome that somebody started with a debugging port, as streams `tab:…`."""

    def __init__(self, hub: Hub, chrome: ChromeTabs | None) -> None:
        self._hub, self._chrome = hub, chrome

    @property
    def chrome(self) -> ChromeTabs:
        """The running Chrome.

        Raises:
            Unavailable: none is named in the settings.
        """
        if self._chrome is None:
            raise Unavailable(
                "no running Chrome is named: start one with --remote-debugging-port=9222 and a --user-data-dir of its own, "
                "and set LIVEPANE_CHROME_URL=http://127.0.0.1:9222"
            )
        return self._chrome

    async def open(self, tab_id: str) -> Stream:
        """The stream of a tab; attached when it is not yet.

        Raises:
            Unavailable: no Chrome, or it cannot be reached.
            NotFound: it has no such tab.
        """
        stream_id = StreamId.parse(f"{Kind.TAB}:{tab_id}")
        found = self._hub.find(str(stream_id))
        if found is not None and not found.gone:
            return found
        source = await self.chrome.attach(tab_id)
        if found is not None:
            await found.release()
        title = source.title or source.url
        stream = found or self._hub.add(stream_id, None, title=title)
        stream.can_close = True
        stream.describe(title=title, url=source.url)
        stream.attach(source)
        source.on_describe = lambda new_title, url: stream.describe(title=new_title, url=url)
        source.on_gone = stream.end
        return stream
