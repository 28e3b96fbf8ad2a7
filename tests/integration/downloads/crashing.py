"""Run as a program: a collection whose writer is killed before and in the middle of every single thing that it does to the disk.

Each change is made by a process of its own that ends itself with SIGKILL at its first step on the disk, then at its second, and
so on until it gets through. After each the folder is looked at as the next process finds it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from livepane.downloads.collection import Collection
from livepane.downloads.folder import sha256
from livepane.downloads.manifest import Manifest
from livepane.downloads.record import Candidate, Facts, Wanted
from tests.unit.downloads.kept import PAGE, files, keep, photo

SMALL, LARGE = photo(1, 160, 120), photo(1, 640, 480)
STEPS = {"os.rename", "os.remove", "os.mkdir", "os.truncate", "open"}

Change = Callable[[Collection], object]


def main(folder: Path) -> None:
    """Every change, killed at every step. Raises AssertionError."""
    for name, change in CHANGES.items():
        step = 0
        while True:
            step += 1
            place = folder / name / str(step)
            prepare(place)
            if run(place, change, step):
                break
            look(place, f"{name} killed at step {step}")
            change(Collection.open(place))
            assert whole(place) == EXPECTED[name], f"{name}, killed at step {step}, once more: {whole(place)}"
            shutil.rmtree(place)
        look(place, name)
        assert whole(place) == EXPECTED[name], f"{name}: {whole(place)}"
        assert step > 5, f"{name} got through after {step} steps: nobody was killed"
        print(f"{name}: killed at {step - 1} steps")


def prepare(place: Path) -> None:
    """Three items, and a part that is to become something."""
    collection = Collection.open(place)
    keep(collection, "a", SMALL, (160, 120))
    keep(collection, "b", photo(2, 64, 48), name="b.jpg")
    keep(collection, "c", photo(2, 64, 48), name="c.jpg")
    collection.part("a").write_bytes(LARGE)
    collection.part("d").write_bytes(photo(4, 64, 48))
    collection.part("e").write_bytes(photo(2, 64, 48))


def run(place: Path, change: Change, step: int) -> bool:
    """Make the change in a process that kills itself at that step; whether it got through."""
    child = os.fork()
    if child == 0:
        arm(step)
        change(Collection(place))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the child ended with {status}"
    return not os.WIFSIGNALED(status)


def arm(step: int) -> None:
    """Kill this process at its nth step; a write is cut in half."""
    left = [step]

    def one() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, _: object) -> None:
        if event in STEPS:
            one()

    write = os.write

    def half(file: int, data: memoryview) -> int:
        if left[0] == 1:
            write(file, data[: len(data) // 2])
        one()
        return write(file, data)

    os.write = half  # type: ignore[assignment]
    sys.addaudithook(heard)


def look(place: Path, when: str) -> None:
    """What must hold for whoever comes next."""
    manifest = Manifest(place)
    manifest.refresh()  # a reader gets along with what it finds
    collection = Collection.open(place)
    known = set()
    for record in collection.records():
        assert record.versions or record.error, f"{when}: {record.key} has lost its file"
        for version in record.versions:
            path = collection.path(version)
            assert sha256(path) == version.sha256, f"{when}: {version.file} is not what the manifest says"
            known.add(version.file)
    there = {file for file in files(place) if not file.startswith(".parts/")}
    assert there == known, f"{when}: {sorted(there ^ known)} stands only in the folder, or only in the manifest"
    # What had come whole was not lost: it is an item, or its part is there still, and nothing has to be fetched again.
    shas = {version.sha256 for record in collection.records() for version in record.versions}
    for key in ("a", "d"):
        part = collection.part(key)
        assert part.exists() or _wanted(key) in shas or collection.find(key) is None, f"{when}: what came of {key} is lost"


def whole(place: Path) -> dict[str, list[str]]:
    """Each item with the files of its versions."""
    return {record.key: [one.file for one in record.versions] for record in Collection.open(place).records()}


def _wanted(key: str) -> str:
    import hashlib

    return hashlib.sha256({"a": LARGE, "d": photo(4, 64, 48)}[key]).hexdigest()


def _add(key: str, data: bytes, size: tuple[int, int]) -> Change:
    import hashlib

    def change(collection: Collection) -> None:
        part = collection.part(key)
        if not part.exists():  # it was taken in before: only what is not there is fetched
            found = collection.find(key)
            if found and any(one.sha256 == hashlib.sha256(data).hexdigest() for one in found.versions):
                return
            part.write_bytes(data)
        facts = Facts(len(data), hashlib.sha256(data).hexdigest(), "image/jpeg", *size)
        collection.add(Wanted(key, (), PAGE), Candidate(f"{PAGE}{key}.jpg", "srcset"), part, facts, 1)

    return change


CHANGES: dict[str, Change] = {
    "new": _add("d", photo(4, 64, 48), (64, 48)),
    "upgraded": _add("a", LARGE, (640, 480)),
    "duplicate": _add("e", photo(2, 64, 48), (64, 48)),
    "failed": lambda collection: collection.fail(Wanted("f", (), PAGE), "http: 404"),
    "deleted": lambda collection: collection.delete("a"),
}
_BEFORE = {"a": ["a.jpg"], "b": ["b.jpg"], "c": ["b.jpg"]}
EXPECTED: dict[str, dict[str, list[str]]] = {
    "new": {**_BEFORE, "d": ["d.jpg"]},
    "upgraded": {**_BEFORE, "a": [".older/a.jpg", "a.jpg"]},
    "duplicate": {**_BEFORE, "e": ["b.jpg"]},
    "failed": {**_BEFORE, "f": []},
    "deleted": {"b": ["b.jpg"], "c": ["b.jpg"]},
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
