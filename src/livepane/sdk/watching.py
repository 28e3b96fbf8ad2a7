"""`livepane.watch(page)` and `livepane.action(label)`: which pages of this process are panes."""

from __future__ import annotations

import atexit
import inspect
import random
import re
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload
from weakref import WeakKeyDictionary

from livepane.domain import names
from livepane.domain.errors import BadRequest
from livepane.domain.stream import Kind, StreamId
from livepane.sdk.pane import ENDED, AsyncPane, Pane, SyncPane
from livepane.sdk.server import ServerForScript
from livepane.sources.masking.selectors import selectors

if TYPE_CHECKING:
    from playwright.async_api import Page as PageOfAsync
    from playwright.sync_api import Page as PageOfSync

    from livepane.sdk.pane import Locator

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0 o 1 l: people read ids to each other
_current: ContextVar[Pane | None] = ContextVar("livepane_pane", default=None)
_panes: list[AsyncPane | SyncPane] = []  # oldest first; closed ones are dropped when the next is made
_followed: WeakKeyDictionary[Any, _Tabs] = WeakKeyDictionary()  # browser contexts


@overload
def watch(
    page: PageOfAsync,
    *,
    name: str | None = None,
    title: str | None = None,
    server: str | None = None,
    token: str | None = None,
    start_server: bool = True,
    mask: str | Sequence[str] = (),
) -> AsyncPane: ...
@overload
def watch(
    page: PageOfSync,
    *,
    name: str | None = None,
    title: str | None = None,
    server: str | None = None,
    token: str | None = None,
    start_server: bool = True,
    mask: str | Sequence[str] = (),
) -> SyncPane: ...
def watch(
    page: Any,
    *,
    name: str | None = None,
    title: str | None = None,
    server: str | None = None,
    token: str | None = None,
    start_server: bool = True,
    mask: str | Sequence[str] = (),
) -> AsyncPane | SyncPane:
    """Show a page of this script on the wall. Returns at once, whatever the server does.

    `await livepane.watch(page)` in a script that uses `playwright.async_api`, or `async with livepane.watch(page):` to
    take it off the wall again; without `await` and `async` in one that uses `playwright.sync_api`. New tabs of the
    page's browser context become panes too, named `name-2`, `name-3` and so on.

    Args:
        page: a Playwright page.
        name: the stream becomes `page:<name>`; made from the script's file name when absent.
        title: what the wall calls it; the page's own title when absent.
        server: http(s)://… or host:port. Else LIVEPANE_SERVER, else the server of this machine.
        token: where the server wants one. Else LIVEPANE_TOKEN, else the one in the data folder of this machine.
        start_server: start a server when none is named and none runs here; it ends with the script.
        mask: CSS selectors of what is painted over before a picture leaves this process, in the page, its frames and its
            tabs; password fields always are. Of a page that is shown already they are added to those that it has.

    Returns:
        An AsyncPane or a SyncPane: `.url`, `.stream`, `.action(label)`, `.close()`.

    Raises:
        BadRequest: `name` cannot be a name, or something in `mask` no selector.
        TypeError: `page` is not a Playwright page.
    """
    title_of = getattr(page, "title", None)
    if title_of is None or not hasattr(page, "context"):
        raise TypeError(f"livepane.watch takes a Playwright page, not {page!r}")
    kind: type[AsyncPane | SyncPane] = AsyncPane if inspect.iscoroutinefunction(title_of) else SyncPane
    known = next((pane for pane in _panes if pane.page is page and not pane.closed), None)
    hidden = selectors(mask)
    if known is not None:
        if name is None and title is None:
            known.mask(hidden)
            _current.set(known)
            return known
        known.withdraw("shown under another name now")
    stream = _stream_id(name or _made_up_name())
    hidden = hidden if known is None else (*known.masked, *hidden)
    pane = _open(kind, page, stream, title, ServerForScript(server, token, start=start_server), hidden)
    _current.set(pane)
    if page.context not in _followed or _followed[page.context].ended:
        _followed[page.context] = _Tabs(
            pane, lambda tab, n: _open(kind, tab, _stream_id(f"{stream.name}-{n}"), None, pane.server, pane.masked)
        )
    return pane


def watch_sync(page: PageOfSync, **options: Any) -> SyncPane:
    """`watch` for a page of `playwright.sync_api`, said plainly; the same arguments."""
    pane: AsyncPane | SyncPane = watch(page, **options)
    if not isinstance(pane, SyncPane):
        raise TypeError("livepane.watch_sync takes a page of playwright.sync_api; use `await livepane.watch(page)` here")
    return pane


def action(label: str, *, selector: str | Locator | None = None) -> None:
    """Label what happens now, on the pane of the current task, else on the newest one. Never blocks, never raises.

    `selector`: a Playwright selector or locator of the element that it is about, which is outlined for those who watch.
    """
    pane: Pane | None = _current.get()
    if pane is None or pane.closed:
        pane = next((one for one in reversed(_panes) if not one.closed), None)
    if pane is not None:
        pane.action(label, selector=selector)


def _open(
    kind: type[AsyncPane | SyncPane],
    page: Any,
    stream: StreamId,
    title: str | None,
    server: ServerForScript,
    mask: Sequence[str],
) -> AsyncPane | SyncPane:
    pane = kind(page, stream, title, server, mask)
    _panes[:] = [*(one for one in _panes if not one.closed), pane]
    return pane


class _Tabs:
    """New tabs of a browser context become panes until the first pane is withdrawn."""

    def __init__(self, first: Pane, open_tab: Callable[[Any, int], Pane]) -> None:
        self._first = first
        self._open = open_tab
        self._count = 1
        first.page.context.on("page", self._opened)

    @property
    def ended(self) -> bool:
        """Whether new tabs are let be."""
        return self._first.withdrawn

    def _opened(self, page: Any) -> None:
        if not self.ended:
            self._count += 1
            self._first.tabs.append(self._open(page, self._count))


def _close_all() -> None:
    for pane in _panes:
        if isinstance(pane, SyncPane) and not pane.closed:
            pane.close(ENDED)


atexit.register(_close_all)


def _stream_id(name: str) -> StreamId:
    if (why := names.why_not(name)) is not None:
        raise BadRequest(f"{name!r} cannot be the name of a pane: it {why}.")
    return StreamId(Kind.PAGE, name)


def _made_up_name() -> str:
    script = Path(sys.argv[0] if sys.argv else "")
    stem = script.parent.name if script.stem == "__main__" else script.stem  # `python -m package`
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")
    plain = plain if len(plain) > 1 else "script"  # `python -c`
    return f"{plain[:40]}-{''.join(random.choices(_ALPHABET, k=4))}"  # noqa: S311 - a name, not a secret
