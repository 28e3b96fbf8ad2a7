"""Still pictures: what they say they are, and turning one into another encoding, quality and size."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import simplejpeg
from PIL import Image, UnidentifiedImageError

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadPicture, TooLarge
from livepane.domain.frame import Encoding, Picture
from livepane.domain.stream import Spot
from livepane.media.cover import covered
from livepane.media.jpeg import jpeg_size
from livepane.media.outline import outlined
from livepane.media.patch import Patch

DEFAULT_QUALITY = 80
_PILLOW_FORMATS = {"JPEG": Encoding.JPEG, "PNG": Encoding.PNG, "WEBP": Encoding.WEBP}
# Below this quality nobody sees the halved colour resolution; above it, text in colour would fringe.
_FULL_COLOUR_FROM = 90

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture from outside may be; checked on the header, before anything is decoded."""

    max_bytes: int
    max_pixels: int


def receive(data: bytes, limits: Limits, *, captured_at: int | None = None) -> Picture:
    """Take a picture from outside: JPEG, PNG or WebP, told by its content.

    Only the header and the end are read, so this costs microseconds whatever the picture claims to be.

    Args:
        data: the encoded image.
        limits: bytes and pixels that are allowed.
        captured_at: ns since the Unix epoch; now when None.

    Raises:
        TooLarge: over a limit.
        BadPicture: not a JPEG, PNG or WebP, or cut off.
    """
    if len(data) > limits.max_bytes:
        raise TooLarge(f"the picture has {len(data):,} bytes; at most {limits.max_bytes:,} are taken (LIVEPANE_MAX_FRAME_BYTES)")
    encoding, width, height = _header(data)
    if width < 1 or height < 1:
        raise BadPicture(f"the {encoding.upper()} says that it is {width} x {height} pixels: there is nothing to show")
    if width * height > limits.max_pixels:
        raise TooLarge(
            f"the picture is {width} x {height} pixels ({width * height / 1e6:.1f} MP); "
            f"at most {limits.max_pixels / 1e6:.1f} MP are taken (LIVEPANE_MAX_FRAME_PIXELS)"
        )
    return Picture(time.time_ns() if captured_at is None else captured_at, width, height, encoding, data)


def render(picture: Picture, spec: RenditionSpec, spot: Spot | None = None) -> Picture:
    """The picture as `spec` wants it; the picture itself when it already is that. Takes milliseconds: call it in a thread.

    `spot`: is outlined, with its label.

    Raises:
        BadPicture: the bytes cannot be decoded.
    """
    if spot is None and satisfies(picture, spec):
        return picture
    width, height = fit(picture.width, picture.height, spec.width, spec.height)
    pixels = _decode(picture, width, height)
    if pixels.shape[1::-1] != (width, height):
        pixels = _resize(pixels, width, height)
    if spot is not None:
        pixels = outlined(pixels, spot)
    quality = spec.quality or DEFAULT_QUALITY
    encoding = _wanted(picture, spec)
    return Picture(picture.captured_at, width, height, encoding, _encode(pixels, encoding, quality), quality)


def paint_over(picture: Picture, patches: Sequence[Patch]) -> Picture:
    """The picture with parts of it painted over; the picture itself when there are none. Takes milliseconds: call it in a thread.

    Raises:
        BadPicture: the bytes cannot be decoded.
    """
    if not patches:
        return picture
    pixels = covered(_decode(picture, picture.width, picture.height), patches)
    encoding = Encoding.JPEG if picture.encoding is Encoding.RAW else picture.encoding
    quality = picture.quality or DEFAULT_QUALITY
    return Picture(picture.captured_at, picture.width, picture.height, encoding, _encode(pixels, encoding, quality), quality)


def satisfies(picture: Picture, spec: RenditionSpec) -> bool:
    """Whether the picture can go out byte for byte: right encoding, small enough, not better than asked for."""
    if picture.encoding is not _wanted(picture, spec):
        return False
    if fit(picture.width, picture.height, spec.width, spec.height) != (picture.width, picture.height):
        return False
    if spec.quality is None or picture.encoding is Encoding.PNG:
        return True
    return picture.quality is not None and picture.quality <= spec.quality


def fit(width: int, height: int, box_width: int | None, box_height: int | None) -> tuple[int, int]:
    """The size of a picture scaled down, never up, to fit into a box; a missing side does not limit."""
    scale = min(1.0, (box_width or width) / width, (box_height or height) / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _wanted(picture: Picture, spec: RenditionSpec) -> Encoding:
    if spec.encoding is not None:
        return spec.encoding
    return Encoding.JPEG if picture.encoding is Encoding.RAW else picture.encoding


def _header(data: bytes) -> tuple[Encoding, int, int]:
    if data[:2] == b"\xff\xd8":
        width, height = jpeg_size(data)
        # Some cameras pad the end; a cut-off picture has no end marker at all.
        if b"\xff\xd9" not in data[-64:]:
            raise BadPicture(f"the JPEG is cut off: {len(data):,} bytes without an end marker")
        return Encoding.JPEG, width, height
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "WEBP")) as image:
            encoding, (width, height) = _PILLOW_FORMATS[str(image.format)], image.size
    except Image.DecompressionBombError as error:
        size = f"{int.from_bytes(data[16:20])} x {int.from_bytes(data[20:24])} pixels" if data[1:4] == b"PNG" else str(error)
        raise TooLarge(f"the picture claims more than any limit allows: {size}") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise BadPicture(f"not a JPEG, PNG or WebP picture: {len(data):,} bytes that start with {data[:8]!r}") from None
    whole = data[-8:-4] == b"IEND" if encoding is Encoding.PNG else len(data) >= int.from_bytes(data[4:8], "little") + 8
    if not whole:
        raise BadPicture(f"the {encoding.upper()} is cut off after {len(data):,} bytes")
    return encoding, width, height


def _decode(picture: Picture, width: int, height: int) -> Pixels:
    """Pixels as (height, width, 3 or 4): RGB, or BGRA for RAW. A JPEG may come out smaller, but not below width x height."""
    if picture.encoding is Encoding.RAW:
        return np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, 4)
    try:
        if picture.encoding is Encoding.JPEG:
            pixels: Pixels = simplejpeg.decode_jpeg(picture.data, "RGB", min_width=width, min_height=height, min_factor=1)
            return pixels
        with Image.open(io.BytesIO(picture.data), formats=("PNG", "WEBP")) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture(f"the {picture.encoding.upper()} cannot be decoded: {error}") from None


def _resize(pixels: Pixels, width: int, height: int) -> Pixels:
    mode = "RGBX" if pixels.shape[2] == 4 else "RGB"
    image = Image.frombuffer(mode, pixels.shape[1::-1], np.ascontiguousarray(pixels), "raw", mode, 0, 1)
    # reducing_gap lets Pillow average whole blocks first: 3-5 times faster for thumbnails, no visible difference.
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0))


def _encode(pixels: Pixels, encoding: Encoding, quality: int) -> bytes:
    has_four = pixels.shape[2] == 4
    if encoding is Encoding.JPEG:
        subsampling = "444" if quality >= _FULL_COLOUR_FROM else "420"
        jpeg: bytes = simplejpeg.encode_jpeg(
            np.ascontiguousarray(pixels), quality=quality, colorspace="BGRX" if has_four else "RGB", colorsubsampling=subsampling
        )
        return jpeg
    rgb = np.ascontiguousarray(pixels[:, :, 2::-1] if has_four else pixels)
    image, out = Image.fromarray(rgb), io.BytesIO()
    if encoding is Encoding.PNG:
        image.save(out, "PNG", compress_level=1)  # level 6 takes 4 times as long for 10 % fewer bytes of screen content
    else:
        image.save(out, "WEBP", quality=quality, method=0)  # method 4: 3 times as long for 20 % fewer bytes
    return out.getvalue()
