"""A folder of kept files: what is new, better, the same or there already; and what stays whatever happens to it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from livepane.downloads.collection import Collection
from livepane.downloads.errors import Busy, NotWritable
from livepane.downloads.record import Outcome, Wanted
from tests.unit.downloads.kept import PAGE, files, keep, photo

SMALL, LARGE = photo(1, 160, 120), photo(1, 640, 480)


def open_(folder: Path) -> Collection:
    return Collection.open(folder / "collection")


def test_a_better_version_replaces_the_worse_one_and_both_stay(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    assert keep(collection, "a", SMALL, (160, 120))[0] is Outcome.NEW
    outcome, record = keep(collection, "a", LARGE, (640, 480), url=f"{PAGE}large.jpg", job=2)
    assert outcome is Outcome.UPGRADED
    assert files(collection.folder) == {"large.jpg": LARGE, ".older/a.jpg": SMALL}
    assert [collection.path(one).read_bytes() for one in record.versions] == [SMALL, LARGE]
    assert [(one.width, one.job, one.url) for one in record.versions] == [(160, 1, f"{PAGE}a.jpg"), (640, 2, f"{PAGE}large.jpg")]
    assert record.best is not None
    assert record.best.similarity is not None
    assert record.best.similarity > 0.9
    assert open_(tmp_path).records() == [record]  # the manifest knows it all


def test_a_better_version_of_the_same_name_takes_its_place(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    keep(collection, "a", LARGE, (640, 480))
    largest = photo(1, 800, 600)
    keep(collection, "a", largest, (800, 600))
    assert files(collection.folder) == {"a.jpg": largest, ".older/a.jpg": SMALL, ".older/a (2).jpg": LARGE}


def test_what_is_not_better_changes_nothing(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", LARGE, (640, 480))
    before = collection.find("a")
    other_address = f"{PAGE}b.jpg"
    for worse in (LARGE, SMALL, photo(1, 640, 480, quality=30)):
        outcome, record = keep(collection, "a", worse, (160, 120) if worse is SMALL else (640, 480), url=other_address)
        assert (outcome, record.versions) == (Outcome.SAME, before.versions if before else None)
    assert files(collection.folder) == {"a.jpg": LARGE}
    again = open_(tmp_path).find("a")
    assert again is not None
    assert again.declined == {other_address}  # a later run does not ask there again


def test_as_many_pixels_with_more_bytes_are_better(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", photo(1, 640, 480, quality=30), (640, 480))
    assert keep(collection, "a", LARGE, (640, 480))[0] is Outcome.UPGRADED


def test_another_picture_is_no_better_version_however_large_it_is(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    logo = photo(2, 1200, 900)
    assert keep(collection, "a", logo, (1200, 900), url=f"{PAGE}logo.jpg")[0] is Outcome.SAME
    assert files(collection.folder) == {"a.jpg": SMALL}


def test_another_picture_at_the_very_address_of_the_last_is_kept_beside_it(tmp_path: Path) -> None:
    """A camera that shows a new picture at its address: nothing is lost, and nothing is taken for an improvement."""
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    later = photo(2, 160, 120)
    outcome, record = keep(collection, "a", later, (160, 120))
    assert (outcome, len(record.versions)) == (Outcome.NEW, 2)
    assert files(collection.folder) == {"a.jpg": later, ".older/a.jpg": SMALL}


def test_a_video_is_better_than_the_picture_that_stood_for_it(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", LARGE, (640, 480))
    assert keep(collection, "a", b"video", None, media_type="video/mp4")[0] is Outcome.UPGRADED
    assert keep(collection, "a", photo(1, 800, 600), (800, 600))[0] is Outcome.SAME
    assert set(files(collection.folder)) == {"a.mp4", ".older/a.jpg"}


def test_lines_and_points_are_not_compared(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    assert keep(collection, "a", b"<svg/>" * 99, (9000, 9000), media_type="image/svg+xml")[0] is Outcome.SAME


def test_the_same_content_is_kept_once_and_outlives_either_item(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    outcome, record = keep(collection, "b", SMALL, (160, 120), url=f"{PAGE}b.jpg")
    assert outcome is Outcome.DUPLICATE
    assert record.best is not None
    assert collection.path(record.best).read_bytes() == SMALL
    assert files(collection.folder) == {"a.jpg": SMALL}
    assert collection.delete("a")
    assert files(collection.folder) == {"a.jpg": SMALL}
    assert [entry.outcome for entry in collection.entries()] == [Outcome.NEW]  # nobody else has it any more
    collection.delete("b")
    assert files(collection.folder) == {}


def test_an_item_that_shares_its_file_is_improved_alone(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    keep(collection, "b", SMALL, (160, 120))
    keep(collection, "a", LARGE, (640, 480))
    assert files(collection.folder) == {"a.jpg": SMALL, "a (2).jpg": LARGE}
    assert [len(collection.path(record.best).read_bytes()) for record in collection.records() if record.best] == [
        len(LARGE),
        len(SMALL),
    ]


def test_names_that_clash_on_some_file_systems_get_numbers(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    for number, name in enumerate(["A.jpg", "a.JPG", "\u0061\u0301.jpg", "\u00c1.jpg", "../a.jpg"]):
        keep(collection, str(number), photo(number, 64, 48), name=name)
    assert sorted(files(collection.folder)) == sorted(["A.jpg", "a (2).jpg", "á.jpg", "Á (2).jpg", "a (3).jpg"])


def test_a_file_of_somebody_else_is_never_written_over(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    mine = collection.folder / "a.jpg"
    mine.write_text("mine")
    keep(collection, "a", SMALL)
    assert files(collection.folder) == {"a.jpg": b"mine", "a (2).jpg": SMALL}


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"cut")])
def test_a_file_that_is_gone_or_cut_is_fetched_again(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    collection = open_(tmp_path)
    _, record = keep(collection, "a", SMALL)
    assert record.best is not None
    harm(collection.path(record.best))
    again = collection.find("a")
    assert again is not None
    assert again.versions == ()
    assert collection.having(record.best.sha256) is None
    assert keep(collection, "a", SMALL) == (Outcome.NEW, collection.find("a"))
    assert files(collection.folder) == {"a.jpg": SMALL}


def test_a_file_that_lost_its_line_is_taken_in_again_under_its_name(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL)
    (collection.folder / "manifest.jsonl").unlink()
    again = open_(tmp_path)
    assert again.records() == []
    assert keep(again, "a", SMALL)[0] is Outcome.NEW
    assert files(collection.folder) == {"a.jpg": SMALL}


def test_why_an_item_failed_is_known_until_it_comes(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    wanted = Wanted("a", (), PAGE, title="A boat")
    collection.fail(wanted, "http: 404", job=3)
    (entry,) = open_(tmp_path).entries()
    assert (entry.outcome, entry.record.error, entry.record.best, entry.job) == (Outcome.FAILED, "http: 404", None, 3)
    _, record = keep(collection, "a", SMALL)
    assert record.error is None
    collection.fail(wanted, "http: 500")
    (entry,) = collection.entries()
    assert (entry.outcome, entry.record.error, len(entry.record.versions)) == (Outcome.NEW, "http: 500", 1)
    collection.same(wanted)
    assert open_(tmp_path).records() == [record]


def test_a_deleted_item_is_gone_and_may_come_back(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL, (160, 120))
    keep(collection, "a", LARGE, (640, 480))
    assert collection.delete("a")
    assert not collection.delete("a")
    assert (collection.find("a"), files(collection.folder)) == (None, {})
    assert keep(collection, "a", SMALL)[0] is Outcome.NEW


def test_older_versions_go_when_nobody_wants_them(tmp_path: Path) -> None:
    collection = Collection.open(tmp_path / "collection", keep_older=False)
    keep(collection, "a", SMALL, (160, 120))
    _, record = keep(collection, "a", LARGE, (640, 480))
    assert (files(collection.folder), len(record.versions)) == ({"a.jpg": LARGE}, 1)


@pytest.mark.parametrize(
    "torn",
    [b'{"event":"kept","key":"b","outcome":"ne', b"\0" * 300, b"\xff\xfe not text", b'{"event":"other"}'],
)
def test_a_line_that_was_torn_off_costs_nothing_but_itself(tmp_path: Path, torn: bytes) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL)
    with (collection.folder / "manifest.jsonl").open("ab") as manifest:
        manifest.write(torn)
    assert [record.key for record in open_(tmp_path).records()] == ["a"]
    keep(open_(tmp_path), "c", LARGE)
    assert [record.key for record in open_(tmp_path).records()] == ["c", "a"]


def test_a_manifest_of_a_stranger_leads_nobody_out_of_its_folder_or_into_headers(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keep(collection, "a", SMALL)
    line = json.loads((collection.folder / "manifest.jsonl").read_text())
    with (collection.folder / "manifest.jsonl").open("a") as manifest:
        for file in ("../secret", "/etc/passwd", ".older/../../secret", "a\0b", "..", ".lock", "sub/x", ".older\\x"):
            manifest.write(json.dumps({**line, "key": file, "file": file}) + "\n")
        for wrong in ({"media_type": "image/png\r\nx: y"}, {"sha256": 'x"\n'}, {"bytes": "many"}):
            manifest.write(json.dumps({**line, "key": "wrong", **wrong}) + "\n")
    assert [record.key for record in open_(tmp_path).records()] == ["a"]


def test_keys_and_titles_may_be_anything(tmp_path: Path) -> None:
    collection = open_(tmp_path)
    keys = ["", "\ud800", "a\nb", "x" * 5000, "../..", "\0"]
    for number, key in enumerate(keys):
        keep(collection, key, photo(number, 64, 48))
        collection.fail(Wanted(key, (), PAGE, title="\udfff"), "failed: \ud800")
    again = open_(tmp_path)
    assert all(again.find(key) is not None for key in keys)
    assert len(again.records()) == len(keys)


def test_only_one_fetches_an_item_at_a_time(tmp_path: Path) -> None:
    one, other = open_(tmp_path), open_(tmp_path)
    with one.claim("a"), pytest.raises(Busy, match="another job"), other.claim("a"):
        raise AssertionError("both have it")
    with other.claim("a") as part:
        assert part == one.part("a")
    assert list((one.folder / ".parts").iterdir()) == []


@pytest.mark.parametrize(("mode", "open_to_others"), [(0o700, False), (0o755, True)])
def test_what_is_made_in_a_private_folder_is_private_and_elsewhere_as_usual(
    tmp_path: Path, mode: int, open_to_others: bool
) -> None:
    before = os.umask(0o022)
    try:
        tmp_path.chmod(mode)
        collection = Collection.open(tmp_path / "downloads" / "collection")
        with collection.claim("a"):
            keep(collection, "b", SMALL)
            made = {path.name: path.stat().st_mode for path in tmp_path.rglob("*")}
        assert {"downloads", "collection", "manifest.jsonl", ".lock", ".parts", ".older", "a.jpg"} < made.keys()
        assert {name for name, mode in made.items() if mode & 0o077} == (made.keys() if open_to_others else set())
    finally:
        os.umask(before)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match=r"file.*choose another folder"):
        Collection.open(tmp_path / "file" / "collection")
