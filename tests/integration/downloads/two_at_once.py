"""Run as a program: keeps twenty items, some of which another process keeps into the same folder at the same time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from livepane.downloads.collection import Collection
from livepane.downloads.errors import Busy
from tests.unit.downloads.kept import keep, photo


def main(folder: Path, which: int) -> None:
    """Items 0 to 9 are everybody's; all are called alike."""
    collection = Collection.open(folder)
    print("ready", flush=True)
    sys.stdin.readline()  # both begin together
    for number in (*range(10), *range(10 + 10 * which, 20 + 10 * which)):
        data = photo(number, 64, 48)
        while True:
            try:
                keep(collection, str(number), data, name="picture.jpg")
                break
            except Busy:
                time.sleep(0.001)
    for number in range(5):
        collection.delete(str(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
