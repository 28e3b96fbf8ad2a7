"""Pictures of strangers, opened without risk: what a header claims is believed before anything is decoded."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from livepane.downloads.errors import NoPicture

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO")
MEDIA_TYPES = frozenset(  # that they are of
    {
        "image/jpeg",
        "image/png",
        "image/apng",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/bmp",
        "image/tiff",
        "image/x-icon",
        "image/vnd.microsoft.icon",
    }
)
MOST_PIXELS = 40_000_000  # that are decoded as they are: 160 MB for a moment
MOST_PIXELS_JPEG = 89_000_000  # decoded at an eighth of its sides if need be; Pillow opens no more
AT_ONCE = 2  # pictures in memory at the same time, whoever asks
QUALITY = 82

_REDUCED = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})  # modes that can be
_places = threading.BoundedSemaphore(AT_ONCE)


def preview(path: Path, width: int, height: int) -> bytes:
    """A JPEG that fits into the box, the right way up, on white where it is transparent.

    Raises:
        NoPicture: says why there is none.
        OSError: the file cannot be read.
    """
    with opened(path, width, height) as image:
        out = io.BytesIO()
        small = upright(image, width, height)
        small.thumbnail((width, height), Image.Resampling.LANCZOS)
        _opaque(small).save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


@contextmanager
def opened(path: Path, width: int, height: int) -> Iterator[Image.Image]:
    """The picture, decoded: a JPEG perhaps smaller, but not below the box; of several frames the first.

    Raises:
        NoPicture: says why there is none.
        OSError: the file cannot be read.
    """
    with _places, path.open("rb") as file, _as_no_picture(path.name), Image.open(file, formats=FORMATS) as image:
        _check(path.name, image)
        image.draft("RGB", (width, height))
        if image.width * image.height > MOST_PIXELS:  # a draft is 1, 2, 4 or 8 times smaller: for a large box it is not
            raise NoPicture(f"{path.name!r} is too large to be shown at {width} x {height} px")
        image.load()
        yield image


def upright(image: Image.Image, width: int, height: int) -> Image.Image:
    """The right way up; one much larger than the box is brought near to it first, so that no copy of all of it is made."""
    factor = min(image.width // max(1, 2 * width), image.height // max(1, 2 * height))
    if factor > 1 and image.mode in _REDUCED:
        image = image.reduce(factor)
    return ImageOps.exif_transpose(image)


def _check(name: str, image: Image.Image) -> None:
    most = MOST_PIXELS_JPEG if image.format == "JPEG" else MOST_PIXELS
    if image.width * image.height > most:
        raise NoPicture(
            f"{name!r} is {image.width} x {image.height} px ({image.width * image.height / 1e6:,.0f} MP): "
            f"of a {image.format} at most {most / 1e6:,.0f} MP are opened"
        )


@contextmanager
def _as_no_picture(name: str) -> Iterator[None]:
    try:
        yield
    except NoPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture(f"{name!r} claims more pixels than are ever opened: {MOST_PIXELS / 1e6:,.0f} MP") from None
    except UnidentifiedImageError:
        raise NoPicture(f"{name!r} is no picture that can be shown") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, IndexError, KeyError, TypeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise NoPicture(f"{name!r} cannot be decoded: {error}") from None


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        whole = image.convert("RGBA")
        white = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(white, whole).convert("RGB")
    return image.convert("RGB")
