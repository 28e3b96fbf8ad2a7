"""Run as a program, in a mount namespace of its own: a collection on a tiny disk, which fills up and then turns read-only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from livepane.downloads.collection import Collection
from livepane.downloads.errors import NoRoom, NotWritable
from livepane.downloads.library import Library, Wish
from livepane.downloads.record import Candidate, Facts, Wanted
from tests.unit.downloads.kept import PAGE, files, keep, photo


def main(folder: Path) -> None:
    """Raises AssertionError."""
    collection = Collection.open(folder / "collection")
    kept: dict[str, bytes] = {}
    with suppress(OSError, NoRoom):  # the part does not fit any more, or the file does not
        for number in range(1000):
            data = photo(number, 200, 150)
            keep(collection, str(number), data, (200, 150), name=f"{number}.jpg")
            kept[f"{number}.jpg"] = data
    assert len(kept) > 3
    for left in (folder / "collection" / ".parts").iterdir():
        left.unlink()
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 512)

    # The manifest runs out of its last block: what is refused says so, and leaves no half a line.
    with pytest.raises(NoRoom, match=f"no room left for '{folder}.*free some, or choose another folder") as full:
        _fail_often(collection)
    print(full.value.message)
    assert {name: data for name, data in files(collection.folder).items() if not name.startswith(".")} == kept
    again = Collection.open(folder / "collection")  # opening it needs no room
    assert sum(record.best is not None for record in again.records()) == len(kept)

    # What frees room works without any.
    first = next(iter(kept))
    assert again.delete(first.removesuffix(".jpg"))
    assert first not in files(collection.folder)
    data = photo(0, 100, 75)
    keep(again, "small", data, (100, 75), name="small.jpg")
    assert files(collection.folder)["small.jpg"] == data

    part = again.part("late")
    part.write_bytes(b"late")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    changes: list[Callable[[], object]] = [
        lambda: Collection.open(folder / "other"),
        lambda: Collection.open(folder / "collection"),
        lambda: again.add(Wanted("late", (), PAGE), Candidate(PAGE, "x"), part, Facts(4, "0" * 64, "image/gif"), None),
        lambda: again.fail(Wanted("late", (), PAGE), "http: 500"),
        lambda: again.delete("small"),
    ]
    for change in changes:
        with pytest.raises(NotWritable, match=f"'{folder}.* cannot be written to .*give yourself the right to") as refused:
            change()
    print(refused.value.message)
    assert again.find("small") is not None  # what is there can still be looked at
    assert len(Library(folder).page(Wish(), limit=1000).items) > 1


def _fail_often(collection: Collection) -> None:
    for number in range(100):
        collection.fail(Wanted(f"lost {number}", (), PAGE), "http: 500 " + "x" * 500)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
