"""The newest picture of every stream, as files: what a bare consumer keeps."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from livepane.domain.bus import Closing, Lease, Link, LinkState, NodeRecord, Parcel, StreamRecord
from livepane.domain.frame import Encoding

log = logging.getLogger(__name__)

STREAMS = 1000  # that are kept: the one that was quiet for longest makes room
_LONGEST = 200  # characters of a file's name without its ending: file systems take 255 bytes
_KEPT_OF_NAME = 120  # of them, where that is not enough
_ID = ".id"  # ending of the file beside a picture that says whose it is, where its name cannot
_ENDINGS = {Encoding.JPEG: "jpg", Encoding.PNG: "png", Encoding.WEBP: "webp"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One file."""

    stream: str
    path: Path
    encoding: Encoding
    captured_at: int  # ns since the Unix epoch


class Newest:
    """The inbox of a consumer that is no node. Belongs to one event loop; files are written in a thread.

    Of each stream one picture is being written and one waits, the newest: a slow disk costs no memory.
    """

    def __init__(self, folder: Path, told: Callable[[Link], None] = lambda link: None) -> None:
        """`folder`: is made, for us alone. What is there from before is known again. `told`: hears how the link is."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._told = folder, told
        self._kept = {one.stream: one for one in _found(folder)}  # the one that was written last is the last
        self._waiting: dict[str, Parcel] = {}
        self._wake = asyncio.Event()
        self._failing: set[str] = set()  # streams whose pictures cannot be written
        self.link_now = Link(LinkState.CONNECTING)

    def all(self) -> list[Kept]:
        """What is kept, the newest last."""
        return list(self._kept.values())

    async def write(self) -> None:
        """Write what comes, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self.take(self._waiting.pop(next(iter(self._waiting))))

    async def take(self, parcel: Parcel) -> None:
        """Write one, or say once why its stream's cannot be written."""
        stream = parcel.stream
        try:
            await self._keep(parcel)
            self._failing.discard(stream)
        except OSError as error:
            if stream not in self._failing and len(self._failing) < STREAMS:
                self._failing.add(stream)
                log.warning("pictures of %s cannot be written: %s", stream, error)

    async def _keep(self, parcel: Parcel) -> None:
        """In place of the one before, and of the stream that was quiet for longest when there are too many."""
        kept = await asyncio.to_thread(self._write, parcel)
        before = self._kept.pop(kept.stream, None)
        self._kept[kept.stream] = kept
        stale = [before.path] if before is not None and before.path != kept.path else []
        if len(self._kept) > STREAMS:
            oldest = self._kept.pop(next(iter(self._kept))).path
            stale += [oldest, oldest.with_suffix(_ID)]
        for path in stale:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _write(self, parcel: Parcel) -> Kept:
        """Whole or not at all, whoever reads it meanwhile."""
        picture = parcel.frame.picture
        name = _file_name(parcel.stream)
        path = self._folder / f"{name}.{_ENDINGS[picture.encoding]}"
        if "+" in name and not (whose := path.with_suffix(_ID)).exists():
            _put(whose, parcel.stream.encode("utf-8", "replace"))
        _put(path, picture.data, picture.captured_at)
        return Kept(parcel.stream, path, picture.encoding, picture.captured_at)

    # --- Inbox --------------------------------------------------------------------------------------

    def frame(self, parcel: Parcel) -> None:
        """A picture: it waits to be written, and a newer one takes its place."""
        if parcel.frame.picture.encoding in _ENDINGS:
            self._waiting[parcel.stream] = parcel
            self._wake.set()

    def node(self, node: str, record: NodeRecord | None, *, live: bool) -> None:
        """Nodes come and go; pictures are all that counts here."""

    def stream(self, node: str, stream: str, record: StreamRecord | None) -> None:
        """The same."""

    def lease(self, node: str, stream: str, lease: Lease | None) -> None:
        """The same."""

    def closing(self, node: str, stream: str, closing: Closing | None) -> None:
        """The same."""

    def caught_up(self) -> None:
        """The same."""

    def link(self, link: Link) -> None:
        """Our end has changed its state."""
        self.link_now = link
        self._told(link)


def _file_name(stream: str) -> str:
    """Of a stream's files, without an ending. Of a long one its beginning and, after a plus, which is in no other, a number."""
    whole = quote(stream, safe="", errors="replace")
    if len(whole) <= _LONGEST:
        return whole
    beginning = re.sub("%.?$", "", whole[:_KEPT_OF_NAME])
    return f"{beginning}+{hashlib.blake2b(stream.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def _put(path: Path, data: bytes, at: int | None = None) -> None:
    """Whole or not at all. `at`: ns since the Unix epoch, the time of the file."""
    arriving = path.with_name(f".{path.name}.arriving")
    with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    if at is not None:
        os.utime(arriving, ns=(at, at))
    arriving.replace(path)


def _stream_of(path: Path) -> str | None:
    """Whose picture a file is; None: nobody can tell any more."""
    if "+" not in path.stem:
        return unquote(path.stem)
    try:
        return path.with_suffix(_ID).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _found(folder: Path) -> list[Kept]:
    """Files of an earlier run, the oldest first."""
    encodings = {ending: encoding for encoding, ending in _ENDINGS.items()}
    found = [
        Kept(stream, path, encodings[path.suffix[1:]], path.stat().st_mtime_ns)
        for path in folder.iterdir()
        if path.suffix[1:] in encodings and not path.name.startswith(".") and (stream := _stream_of(path)) is not None
    ]
    return sorted(found, key=lambda one: one.captured_at)[-STREAMS:]
