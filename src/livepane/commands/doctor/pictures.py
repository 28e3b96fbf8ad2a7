"""Where pictures come from: a real Chromium, the real screen, and the encoders between them and the viewers."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import AsyncIterator

import numpy as np
from PIL import Image

from livepane.browsers.find import find_chromium
from livepane.browsers.pool import BrowserPool
from livepane.commands.doctor.finding import Finding, ok, problem, warning
from livepane.deadline import within
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import LivepaneError, NoBrowser
from livepane.domain.frame import Encoding, Picture
from livepane.domain.ports import Source
from livepane.domain.stream import StreamId
from livepane.hub.hub import Hub
from livepane.media import image
from livepane.settings import Settings
from livepane.sources import screen
from livepane.sources.page import open_page

PATIENCE = 15.0  # seconds for a first picture
_ALIKE = 6.0  # of 255: what lossy encoders may change of a smooth picture, on average


async def browser(settings: Settings) -> AsyncIterator[Finding]:
    """Find it, start it, open a page, take its picture as a viewer would get it."""
    name = "browser"
    if sys.platform == "win32":
        yield warning(name, "Chromium is not launched on Windows", "Attach to a running Chrome with LIVEPANE_CHROME_URL.")
        return
    try:
        path = find_chromium(settings.browser)
    except NoBrowser as error:
        yield problem(name, error.message, "Install Chromium (apt install chromium), or name one with LIVEPANE_BROWSER.")
        return
    why = "LIVEPANE_BROWSER" if settings.browser else "found"
    pool = BrowserPool(settings.browser)
    try:
        page = await open_page(pool, "about:blank")
        version = (await page.session.send("Browser.getVersion"))["product"]
        yield ok(name, f"{version} at {path} ({why}), starts")
        yield _sandbox()
        yield await _picture("page", "page:doctor", page)
    except LivepaneError as error:
        yield problem(name, f"{path} ({why}): {error.message}", _mend(error.message))
    finally:
        await pool.close()


def _sandbox() -> Finding:
    if os.geteuid() == 0:
        says = "you are root, and Chromium has no sandbox then: a page that breaks out of it is root as well"
        return warning("sandbox", says, "Run the server as an ordinary user.")
    return ok("sandbox", "on")


def _mend(said: str) -> str:
    if "sandbox" in said.lower() or "namespace" in said.lower():
        return "Allow user namespaces for this user (Ubuntu: an AppArmor profile for Chromium; containers: a seccomp profile)."
    if "shared librar" in said:
        return "Install the missing library; Debian's own `chromium` package brings all of them."
    return "Run it by hand from a terminal to see why, or name another with LIVEPANE_BROWSER."


async def display(name: str | None) -> Finding:
    """Find the screen and take its picture as a viewer would get it."""
    if not name and sys.platform == "linux":
        return ok("display", "none is set, so there is no desktop to show; pages work without. Set LIVEPANE_DISPLAY to have one")
    mend = "Set LIVEPANE_DISPLAY to a display that runs, such as :0, and see that this user may use it (xauth, xhost)."
    try:
        monitors = await screen.list_monitors(name)
        source = screen.open_source(StreamId.parse("desktop:0"), display=name)
    except LivepaneError as error:
        return problem("display", error.message, None if "pip install" in error.message else mend)
    sizes = ", ".join(f"{one.width} x {one.height}" for one in monitors)
    return await _picture("display", "desktop:0", source, f"{name or 'the screen'} ({sizes}): ")


async def _picture(name: str, stream_id: str, source: Source, before: str = "") -> Finding:
    """A first picture of a source, through a hub as in a server."""
    started = time.monotonic()
    try:
        async with Hub(grace=0) as hub:
            with hub.add(StreamId.parse(stream_id), source, title=name).subscribe(RenditionSpec(Encoding.JPEG)) as pictures:
                async with within(PATIENCE):
                    taken = (await pictures.next()).frame.picture
    except TimeoutError:
        return problem(name, f"{before}no picture within {PATIENCE:g} s", "Look at the log with LIVEPANE_LOG_LEVEL=debug.")
    except LivepaneError as error:
        return problem(name, f"{before}{error.message}")
    took = (time.monotonic() - started) * 1000
    return ok(name, f"{before}a picture of {taken.width} x {taken.height}, {len(taken.data) / 1024:.0f} KB, after {took:.0f} ms")


def codecs() -> Finding:
    """Encode and decode a picture in every format that viewers can ask for."""
    down, right = np.mgrid[0:180, 0:320]
    pixels = np.dstack([right * 255 // 319, down * 255 // 179, (right + down) * 255 // 498, np.full_like(right, 255)])
    raw = Picture(time.time_ns(), 320, 180, Encoding.RAW, pixels.astype(np.uint8).tobytes())
    broken, limits = [], image.Limits(10 * 2**20, 2**20)
    for encoding in (Encoding.JPEG, Encoding.PNG, Encoding.WEBP):
        try:
            encoded = image.receive(image.render(raw, RenditionSpec(encoding, 90)).data, limits)
            other = Encoding.JPEG if encoding is Encoding.PNG else Encoding.PNG
            again = image.render(encoded, RenditionSpec(other, 95))  # decodes it
            shown = np.asarray(Image.open(io.BytesIO(again.data)).convert("RGB"), dtype=np.int16)
            if np.abs(shown - pixels[:, :, 2::-1]).mean() > _ALIKE:
                broken.append(f"{encoding}: what was decoded is not what was encoded")
        except Exception as error:
            broken.append(f"{encoding}: {error}")
    if broken:
        return problem("codecs", "; ".join(broken), "Install them again: pip install --force-reinstall simplejpeg pillow numpy")
    return ok("codecs", "JPEG, PNG and WebP: encoded and decoded")
