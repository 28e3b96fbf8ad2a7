"""A connection to an X display: opened in a `with` block, its events and its errors in our words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import xcffib
import xcffib.composite
import xcffib.damage
import xcffib.randr
import xcffib.shm
import xcffib.xfixes
import xcffib.xproto as xp

from livepane.domain.errors import NoDisplay
from livepane.sources.x11.name import display_name

# The extensions are imported here, all of them, because a connection only understands events of those imported before it.

log = logging.getLogger(__name__)


class Display:
    """An open X display. Belongs to one thread."""

    def __init__(self, name: str, connection: xcffib.Connection) -> None:
        self.name = name
        self.connection = connection
        self.core = connection.core
        self.screen = connection.setup.roots[connection.pref_screen]
        self.root: int = self.screen.root
        self._atoms: dict[str, int] = {}
        self._extensions: dict[str, bool] = {}

    def fileno(self) -> int:
        """Readable when events have come (some may also have come with a reply: ask events() before waiting)."""
        return int(self.connection.get_file_descriptor())

    def has(self, extension: xcffib.ExtensionKey) -> bool:
        """Whether the server has it. To be asked first: a request to a missing extension ends the connection."""
        name: str = extension.name
        if name not in self._extensions:
            self._extensions[name] = bool(self.core.QueryExtension(len(name), name).reply().present)
        return self._extensions[name]

    def atom(self, name: str) -> int:
        """The number of a name on this display."""
        if name not in self._atoms:
            self._atoms[name] = self.core.InternAtom(False, len(name), name).reply().atom
        return self._atoms[name]

    def sync(self) -> None:
        """Wait until the server has done all that was asked of it."""
        self.core.GetInputFocus().reply()

    def events(self) -> Iterator[xcffib.Event]:
        """What has arrived, without waiting."""
        self.connection.flush()
        while True:
            try:
                event = self.connection.poll_for_event()
            except xcffib.Error as error:
                # A request that asked for no answer met a window that had just been closed: its DestroyNotify tells.
                log.debug("display %s: %r", self.name, error)
                continue
            if event is None:
                return
            yield event


@contextmanager
def open_display(name: str | None) -> Iterator[Display]:
    """Connect to a display, `name` or that of the environment.

    Raises:
        NoDisplay: there is none, it refuses us, or it went away during the block.
    """
    shown = display_name(name)
    try:
        connection = xcffib.connect(shown)
    except xcffib.XcffibException:
        raise NoDisplay(
            f"no X display answers at DISPLAY={shown}. Set DISPLAY to one that runs (and XAUTHORITY to its cookie file if it "
            "wants one), or start one: Xvfb :99 -screen 0 1920x1080x24"
        ) from None
    try:
        yield Display(shown, connection)
    except xcffib.XcffibException as error:
        if connection.has_error():
            raise NoDisplay(f"the X display {shown} went away ({error}); capture goes on when it is back") from None
        raise
    finally:
        connection.disconnect()


def keep_events(display: Display, window: int, mask: int) -> None:
    """Ask for the events of a window (for this connection only).

    Raises:
        xcffib.xproto.WindowError: it is not there.
    """
    display.core.ChangeWindowAttributesChecked(window, xp.CW.EventMask, [mask]).check()
