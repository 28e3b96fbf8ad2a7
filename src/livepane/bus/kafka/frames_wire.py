"""A picture as a record: the bytes as they are, the stream as the key, everything else in headers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from livepane.bus.fit import fit_moment
from livepane.domain.bus import Parcel
from livepane.domain.errors import BadPicture, BadRequest
from livepane.domain.frame import Encoding, Frame
from livepane.domain.kafka import LARGEST
from livepane.domain.stream import StreamId
from livepane.media.image import Limits, receive
from livepane.wire.publish import DEFAULT, Publication, stream_of

VERSION = b"1"
Headers = list[tuple[str, bytes]]
_IMAGES = (b"\xff\xd8", b"\x89PNG", b"RIFF")  # how JPEG, PNG and WebP begin; no text of base64 begins so


class UnknownVersion(Exception):
    """A record of a version that we do not know: something newer writes to this topic."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the headers of a record of ours say that its bytes do not. Times: ns since the Unix epoch in the owner's clock."""

    node: str
    epoch: int
    seq: int
    captured_at: int
    sent_at: int
    quality: int | None
    true: bool

    def parcel(self, stream: str, value: bytes | None, limits: Limits) -> Parcel:
        """The picture; what it is its bytes say, since headers like these can be written by anybody.

        Raises:
            BadPicture, TooLarge: it is no picture that we take.
        """
        picture = replace(receive(value or b"", limits, captured_at=self.captured_at), quality=self.quality)
        return Parcel(stream, Frame(self.epoch, self.seq, picture), self.node, self.sent_at, self.true)


def to_headers(parcel: Parcel) -> Headers:
    """What is said of a picture beside its bytes."""
    frame, picture = parcel.frame, parcel.frame.picture
    headers = [
        ("v", VERSION),
        ("node", (parcel.node or "").encode()),
        ("epoch", b"%d" % frame.epoch),
        ("seq", b"%d" % frame.seq),
        ("ts_ns", b"%d" % picture.captured_at),
        ("sent_ns", b"%d" % parcel.sent_at),
        ("mime", f"image/{picture.encoding}".encode()),
        ("w", b"%d" % picture.width),
        ("h", b"%d" % picture.height),
    ]
    if picture.quality is not None:
        headers.append(("q", b"%d" % picture.quality))
    if not parcel.true:
        headers.append(("true", b"0"))
    return headers


def fits(parcel: Parcel) -> bool:
    """Whether a picture can be a record: it is encoded, and not larger than any topic of ours takes."""
    picture = parcel.frame.picture
    return picture.encoding is not Encoding.RAW and len(picture.data) <= LARGEST - 4096


def read_note(headers: Iterable[tuple[str, bytes]]) -> Note | None:
    """What a record says of its picture; None: no node of ours wrote it.

    Raises:
        UnknownVersion: a newer one did.
        ValueError: they are not what we write.
    """
    said: Mapping[str, bytes] = dict(headers)
    if "v" not in said or "node" not in said or "epoch" not in said:
        return None
    if said["v"] != VERSION:
        raise UnknownVersion(said["v"][:20])
    try:
        return Note(
            node=said["node"].decode(),
            epoch=int(said["epoch"]),
            seq=int(said["seq"]),
            captured_at=fit_moment(int(said["ts_ns"])),
            sent_at=fit_moment(int(said.get("sent_ns", b"0"))),
            quality=int(said["q"]) if "q" in said else None,
            true=said.get("true") != b"0",
        )
    except KeyError as error:
        raise ValueError(f"the header {error} is missing") from None


def read_stream(key: bytes | None) -> str:
    """The stream of a key; one that is no id is the name of a source, and none is the source `default`.

    Raises:
        ValueError, BadRequest: it is no name at all.
    """
    if not key:
        return str(stream_of(DEFAULT))
    text = key.decode()
    try:
        return str(StreamId.parse(text))
    except BadRequest:
        return str(stream_of(text))


def read_foreign(stream: str, value: bytes | None, limits: Limits, number: int) -> Parcel:
    """A picture that no node of ours wrote.

    Args:
        stream: what it is of.
        value: the image, or base64 or a data URL of it, as earlier bridges wrote.
        limits: what a picture may be.
        number: greater than that of the one before; nobody else numbers them.

    Raises:
        BadPicture, TooLarge: it is no picture that we take.
    """
    return Parcel(stream, Frame(0, number, receive(_image(value), limits, captured_at=time.time_ns())))


def _image(value: bytes | None) -> bytes:
    if not value:
        raise BadPicture("the record is empty")
    if value.startswith(_IMAGES):
        return value
    try:
        text = value.decode("ascii").strip()
    except UnicodeDecodeError:
        return value  # neither an image that we know nor text: `receive` says what it is
    return Publication(StreamId.parse(str(stream_of(DEFAULT))), text).image()
