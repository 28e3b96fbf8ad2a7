"""Fills the downloads of a data folder with pictures of our own making, by the code that jobs keep files with.

python keep.py [--items 24] [--scale 1] [--collection meadow.example-gallery] [--plain], with LIVEPANE_DATA_DIR
"""

import argparse
import hashlib
import io
import math
import os
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from livepane.downloads.collection import Collection
from livepane.downloads.record import Candidate, Facts, Wanted

SHAPES = ((1600, 1067), (1067, 1600), (1400, 1400), (1920, 1080), (1600, 1200), (2100, 900))
WORDS = ("Heather", "Low tide", "Quarry", "Birches", "The mill", "Fog at six", "Harbour", "Rye", "Last snow", "Ferry")
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff", "GIF": "image/gif"}


def landscape(width: int, height: int, seed: int) -> Image.Image:
    """Hills in front of hills, another one for every seed."""
    roll = random.Random(seed)  # noqa: S311 (the same picture every time, not a secret)
    hue = roll.randrange(256)
    image = Image.new("HSV", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        draw.line((0, y, width, y), fill=(hue, 70 + 60 * y // height, 245 - 40 * y // height))
    x, y, size = roll.uniform(0.15, 0.85) * width, roll.uniform(0.12, 0.35) * height, 0.05 * (width + height) / 2
    draw.ellipse((x - size, y - size, x + size, y + size), fill=(hue, 30, 255))
    for layer in range(5):
        base = height * (0.42 + 0.13 * layer)
        waves = [(roll.uniform(0.5, 3.5), roll.uniform(0, 7), roll.uniform(0.01, 0.05) * height) for _ in range(4)]
        tops = [base + sum(h * math.sin(f * 6.283 * x / width + p) for f, p, h in waves) for x in range(0, width + 8, 4)]
        ridge = [(4 * index, top) for index, top in enumerate(tops)]
        draw.polygon([*ridge, (width, height), (0, height)], fill=((hue + 18 * layer) % 256, 90 + 22 * layer, 190 - 32 * layer))
    noise = Image.effect_noise((width, height), 26).convert("RGB")
    return Image.blend(image.convert("RGB"), noise, 0.06)


def encoded(image: Image.Image, encoding: str, quality: int = 88) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    image.save(out, encoding, **({"quality": quality} if encoding in ("JPEG", "WEBP") else {}))
    return out.getvalue()


class Shelf:
    """One collection, filled as a job fills it."""

    def __init__(self, folder: Path, job: int | None) -> None:
        self._kept = Collection.open(folder)
        self._host = folder.name.partition("-")[0]
        self._job = job

    def put(
        self,
        key: str,
        body: bytes,
        kind: str,
        *,
        size: tuple[int, int] | None = None,
        title: str | None = None,
        rule: str = "linked original",
        name: str | None = None,
    ) -> None:
        """A file that has come whole."""
        wanted = self._wanted(key, title, name)
        part = self._kept.part(wanted.key)
        part.write_bytes(body)
        facts = Facts(
            bytes=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            media_type=kind,
            width=size[0] if size else None,
            height=size[1] if size else None,
        )
        place = f"https://{self._host}/media/{rule.replace(' ', '-')}/{key}"
        self._kept.add(wanted, Candidate(place, rule), part, facts, self._job)

    def fail(self, key: str, error: str) -> None:
        """One that did not come."""
        self._kept.fail(self._wanted(key, None, None), error, self._job)

    def _wanted(self, key: str, title: str | None, name: str | None) -> Wanted:
        return Wanted(f"https://{self._host}/piece/{key}", (), f"https://{self._host}/gallery", name=name or key, title=title)


def fill(shelf: Shelf, items: int, scale: float, *, plain: bool) -> None:
    """Pictures of every shape; unless `plain`, also all that can be special about a file."""

    def scaled(width: int, height: int) -> tuple[int, int]:
        return round(width * scale), round(height * scale)

    for number in range(items):
        width, height = scaled(*SHAPES[number * 7 % len(SHAPES)])
        image = landscape(width, height, number)
        title = f"{WORDS[number % len(WORDS)]} {number + 1}"
        encoding = ("JPEG", "JPEG", "WEBP", "JPEG", "PNG")[number % 5] if not plain else "JPEG"
        if not plain and number % 4 == 1:  # the small one first, then the true one
            small = image.resize((width // 5, height // 5), Image.Resampling.LANCZOS)
            shelf.put(f"{number:04}", encoded(small, "JPEG", 60), "image/jpeg", size=small.size, title=title, rule="srcset")
        shelf.put(f"{number:04}", encoded(image, encoding), TYPES[encoding], size=image.size, title=title)
    if plain:
        return
    soft = landscape(*scaled(1600, 1067), 4711)
    shelf.put(
        "three-times",
        encoded(soft.resize(scaled(320, 213)), "JPEG", 40),
        "image/jpeg",
        size=scaled(320, 213),
        title="Three times",
        rule="img src",
    )
    shelf.put(
        "three-times",
        encoded(soft.resize(scaled(800, 534)).filter(ImageFilter.GaussianBlur(1)), "JPEG", 70),
        "image/jpeg",
        size=scaled(800, 534),
        title="Three times",
        rule="srcset",
    )
    shelf.put("three-times", encoded(soft, "PNG"), "image/png", size=soft.size, title="Three times", rule="linked original")
    mark = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(mark).ellipse((60, 60, 540, 540), fill=(220, 60, 90, 200))
    shelf.put("see-through", encoded(mark, "PNG"), "image/png", size=mark.size, title="A mark that one sees through")
    shelf.put("scan", encoded(landscape(300, 400, 99), "TIFF"), "image/tiff", size=(300, 400), title="A scan")
    shelf.put(
        "cut-off", encoded(landscape(300, 200, 98), "PNG")[:24] + b"broken" * 40, "image/png", size=(300, 200), title="Cut off"
    )
    shelf.put(
        "drawing",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.hacked = 1</script></svg>',
        "image/svg+xml",
        title="A drawing with a script",
    )
    shelf.put("paper", b"%PDF-1.4\n%%EOF\n", "application/pdf", title="The price list")
    shelf.fail("gone", "not_found: the server answered 404 to https://meadow.example/media/gone.jpg")
    shelf.fail("a-page", "bad_file: what came is an HTML page, not a picture")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=24)
    parser.add_argument("--collection", default="meadow.example-gallery")
    parser.add_argument("--job", type=int)
    parser.add_argument("--scale", type=float, default=1.0, help="of the largest pictures, 1600 px")
    parser.add_argument("--plain", action="store_true", help="many small pictures, nothing special about them")
    args = parser.parse_args()
    downloads = Path(os.environ["LIVEPANE_DATA_DIR"]) / "downloads"
    downloads.mkdir(mode=0o700, parents=True, exist_ok=True)
    fill(Shelf(downloads / args.collection, args.job), args.items, args.scale, plain=args.plain)


if __name__ == "__main__":
    main()
