"""What `POST /publish` takes: one picture as text in JSON, and what its producer says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import from_json

from livepane.domain import names
from livepane.domain.errors import BadPicture, BadRequest
from livepane.domain.stream import Kind, StreamId

DEFAULT = "default"  # the source of a client that names none
EVERY_RANGE = (0.1, 7 * 86_400.0)  # seconds between two pictures
MISSING = "Missing frame data"  # word for word: existing clients know it

_LAST = 8.64e15  # ms: the last moment of a JavaScript Date
_SHOWN = 60  # characters of a wrong value that are repeated
# Reads base64 of both alphabets, with and without = at the end, in a ninth of the time that `binascii` takes.
_BASE64 = TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))
_SPACE = re.compile(r"\s+")
_MARK = b"\xef\xbb\xbf"  # some editors and shells put it before a text in UTF-8


@dataclass(frozen=True, slots=True)
class Publication:
    """One picture on its way in, still as text."""

    stream: StreamId
    frame: str  # base64, or a data URL
    title: str | None = None
    url: str | None = None
    taken_at: int | None = None  # ns since the Unix epoch by the clock of its producer, which may be wrong
    masked: bool | None = None  # parts of it were painted over
    every: float | None = None  # seconds until the next one, if its producer says so

    @classmethod
    def read(cls, body: bytes) -> Publication:
        """Read a body, whatever it is.

        Raises:
            BadRequest: names what is wrong and the mend.
        """
        said = _object(body)
        frame = said.get("frame")
        if frame is None or frame == "":
            raise BadRequest(MISSING)
        if not isinstance(frame, str):
            raise BadRequest(f"frame = {_short(frame)} is no text: write the picture as base64, or as a data URL")
        return cls(
            stream=_stream(said.get("source")),
            frame=frame,
            title=_text(said, "title"),
            url=_text(said, "url"),
            taken_at=_moment(said.get("timestamp")),
            masked=said["masked"] if isinstance(said.get("masked"), bool) else None,
            every=_every(said.get("every_ms")),
        )

    def image(self) -> bytes:
        """The bytes of the picture. Takes about 1 ms a MB.

        Raises:
            BadPicture: they cannot be read from the text.
        """
        text = self.frame
        if text[:5].lower() == "data:":
            comma = text.find(",", 0, 200)
            if comma < 0 or not text[:comma].rstrip().lower().endswith("base64"):
                raise BadPicture(f"frame = {_short(text)} is a data URL without base64; write data:image/jpeg;base64,…")
            text = text[comma + 1 :]
        try:
            data = _BASE64.validate_strings(text)
        except ValidationError:
            data = _forgiving(text)
        if not data:
            raise BadRequest(MISSING)
        return data


def stream_of(source: str | None) -> StreamId:
    """The stream of a source: `tab:NAME`.

    Raises:
        BadRequest: it is no name.
    """
    name = source or DEFAULT
    if (why := names.why_not(name)) is not None:
        raise BadRequest(f"source = {_short(name)} {why}")
    return StreamId(Kind.TAB, name)


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise BadRequest(MISSING)
    try:
        said = from_json(body.removeprefix(_MARK), cache_strings="keys")
    except ValueError as error:
        raise BadRequest(f'the body is no JSON ({error}); write {{"frame": "…"}} with the picture as base64') from None
    if not isinstance(said, dict):
        raise BadRequest('the body is no JSON object; write {"frame": "…"} with the picture as base64')
    return said


def _stream(source: object) -> StreamId:
    if source is not None and not isinstance(source, str):
        raise BadRequest(f"source = {_short(source)} is no text: write a name")
    return stream_of(source)


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"{name} = {_short(value)} is no text")
    return value


def _every(value: object) -> float | None:
    if value is None:
        return None
    low, high = EVERY_RANGE
    if isinstance(value, bool) or not isinstance(value, int | float) or not low * 1000 <= value <= high * 1000:
        raise BadRequest(
            f"every_ms = {_short(value)} is not possible: from {low * 1000:g} to {high * 1000:.0f} is, in milliseconds, or null"
        )
    return value / 1000


def _moment(value: object) -> int | None:
    """Seconds or milliseconds since the Unix epoch, or ISO 8601; what cannot be read counts as nothing said."""
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value.strip())
            return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1e9)
        except (ValueError, OverflowError):
            try:
                value = float(value)
            except ValueError:
                return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LAST:
        return None
    milliseconds = value if value > 1e11 else value * 1000  # as seconds, 1e11 would be in the year 5138
    return int(milliseconds * 1_000_000)


def _forgiving(text: str) -> bytes:
    """Base64 in lines, or with = where none is needed."""
    try:
        return _BASE64.validate_strings(_SPACE.sub("", text).rstrip("="))
    except ValidationError:
        raise BadPicture(f"frame = {_short(text)} is no base64") from None


def _short(value: object) -> str:
    shown = repr(value[:_SHOWN] if isinstance(value, str) else value)
    return shown if len(shown) <= _SHOWN + 2 else f"{shown[: _SHOWN - 1]}…"
