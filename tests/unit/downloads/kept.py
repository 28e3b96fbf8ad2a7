"""Pictures that look like pictures, and a folder to keep them in."""

from __future__ import annotations

import functools
import hashlib
import io
from pathlib import Path

import numpy as np
from PIL import Image

from livepane.downloads.collection import Collection
from livepane.downloads.record import Candidate, Facts, Outcome, Record, Wanted

PAGE = "https://gallery.example/"


@functools.lru_cache(maxsize=64)
def photo(number: int, width: int, height: int, *, quality: int = 88, form: str = "JPEG") -> bytes:
    """The same number is the same scene, in any size; soft shapes with an edge, as in photographs."""
    random = np.random.default_rng(number)
    coarse = Image.fromarray(random.integers(0, 256, (9, 12, 3), np.uint8)).resize((720, 540), Image.Resampling.BICUBIC)
    fine = Image.fromarray(random.integers(0, 256, (36, 48, 3), np.uint8)).resize((720, 540), Image.Resampling.NEAREST)
    out = io.BytesIO()
    Image.blend(coarse, fine, 0.3).resize((width, height), Image.Resampling.LANCZOS).save(out, form, quality=quality)
    return out.getvalue()


def keep(
    collection: Collection,
    key: str,
    data: bytes,
    size: tuple[int, int] | None = (64, 48),
    *,
    url: str = f"{PAGE}a.jpg",
    media_type: str = "image/jpeg",
    name: str | None = None,
    job: int | None = 1,
) -> tuple[Outcome, Record]:
    """As if it had just come whole from there."""
    width, height = size or (None, None)
    with collection.claim(key) as part:
        part.write_bytes(data)
        facts = Facts(len(data), hashlib.sha256(data).hexdigest(), media_type, width, height)
        return collection.add(Wanted(key, (), PAGE, name), Candidate(url, "srcset"), part, facts, job)


def files(folder: Path) -> dict[str, bytes]:
    """What a person finds in the folder, older versions included."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "manifest.jsonl")
    }
