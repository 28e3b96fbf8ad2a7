"""All collections at once: newest first, page by page while more comes, and whatever lies about in the folder."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from livepane.downloads.collection import Collection
from livepane.downloads.library import Library, Wish
from livepane.downloads.record import Outcome, Wanted
from livepane.downloads.zipped import PIECE, Packed, zipped
from tests.unit.downloads.kept import PAGE, keep, photo


def keep_later(collection: Collection, key: str, data: bytes, *, name: str) -> None:
    """Keep it in a millisecond of its own: what came in the same one has no order."""
    time.sleep(0.002)
    keep(collection, key, data, name=name)


def names(library: Library, **wish: object) -> list[str]:
    return [one.record.name for one in library.page(Wish(**wish), limit=1000).items]  # type: ignore[arg-type]


def test_collections_stand_together_and_what_changes_is_seen(tmp_path: Path) -> None:
    library = Library(tmp_path / "downloads")
    assert library.page(Wish()).items == []
    one, other = Collection.open(library.root / "one"), Collection.open(library.root / "other")
    for number in range(4):
        keep_later((one, other)[number % 2], str(number), photo(number, 64, 48), name=f"{number}.jpg")
    assert names(library) == ["3.jpg", "2.jpg", "1.jpg", "0.jpg"]
    assert names(library, collection="one") == ["2.jpg", "0.jpg"]
    time.sleep(0.002)
    one.fail(Wanted("0", (), PAGE), "http: 500")
    assert names(library, outcome=Outcome.FAILED) == ["0.jpg"]
    assert names(library)[0] == "0.jpg"  # it changed last
    other.delete("3")
    assert sorted(names(library)) == ["0.jpg", "1.jpg", "2.jpg"]
    assert [(shelf.name, shelf.items, shelf.failed) for shelf in library.page(Wish()).shelves] == [("one", 2, 1), ("other", 1, 0)]


def test_a_page_goes_on_where_the_last_one_ended_also_while_more_comes(tmp_path: Path) -> None:
    library = Library(tmp_path)
    collection = Collection.open(tmp_path / "one")
    for number in range(6):
        keep_later(collection, str(number), photo(number, 64, 48), name=f"{number}.jpg")
    first = library.page(Wish(), limit=3)
    keep_later(collection, "new", photo(9, 64, 48), name="new.jpg")
    second = library.page(Wish(), before=first.next, limit=3)
    assert [one.record.name for one in (*first.items, *second.items)] == [f"{number}.jpg" for number in reversed(range(6))]
    assert second.next is None
    with pytest.raises(ValueError, match="is not `next` of a page"):
        library.page(Wish(), before="yesterday")


def test_what_lies_about_in_the_folder_is_no_collection_and_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "manifest.jsonl").write_text("{}")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.jsonl").write_bytes(b"\xff\n[]\n{}\n")
    keep(Collection.open(tmp_path / "good"), "a", photo(1, 64, 48))
    library = Library(tmp_path)
    assert names(library) == ["a.jpg"]
    assert [shelf.name for shelf in library.page(Wish()).shelves] == ["broken", "good"]
    assert (library.folder("empty"), library.folder("../x"), library.find("good", "0" * 16)) == (None, None, None)


def test_a_link_out_of_the_folder_is_no_file_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(photo(1, 64, 48))
    _, record = keep(Collection.open(tmp_path / "downloads" / "one"), "a", photo(1, 64, 48))
    assert record.best is not None
    library = Library(tmp_path / "downloads")
    assert library.file("one", record.best) is not None
    (library.root / "one" / "a.jpg").unlink()
    (library.root / "one" / "a.jpg").symlink_to(tmp_path / "secret")
    assert library.file("one", record.best) is None


def test_a_zip_is_made_piece_by_piece_and_leaves_out_what_is_gone(tmp_path: Path) -> None:
    large = b"x" * (3 * PIECE + 5)
    (tmp_path / "large").write_bytes(large)
    (tmp_path / "small").write_bytes(b"small")
    wanted = [Packed(tmp_path / name, called, at) for name, called, at in (
        ("large", "à/large.bin", 0), ("gone", "gone.bin", 1), ("small", "A.txt", 1_700_000_000_000), ("small", "a.txt", 2),
    )]  # fmt: skip
    pieces = list(zipped(wanted))
    assert max(map(len, pieces)) < 2 * PIECE
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["à/large.bin", "A.txt", "a (2).txt"]
        assert archive.read("à/large.bin") == large
        assert archive.getinfo("A.txt").date_time[:3] == (2023, 11, 14)
