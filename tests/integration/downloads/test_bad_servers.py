"""Files of servers that do everything wrong: each has an error of its own, and the others are kept."""

from __future__ import annotations

import hashlib
import re
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from livepane.downloads.collection import Collection
from livepane.egress.account import Budget
from livepane.jobs import fetching
from livepane.scrapers.contract import ScrapeError
from tests.galleries.hostile import SVG, Hostile, hostile
from tests.integration.downloads.keeping import drained, keeping, results, wanted

BAD = {
    "/gone.jpg": ("not_found", "pictures.example answers 404"),
    "/forbidden.jpg": ("blocked", "pictures.example answers 403"),
    "/page.jpg": ("bad_file", "an HTML page, and no picture"),
    "/bomb.png": ("bad_file", "claims to be a picture of 100,000 x 100,000 px"),
    "/cut.jpg": ("bad_file", "it breaks off after"),
    "/short.jpg": ("http", "parts that do not fit each other"),
    "/understated.jpg": ("bad_file", "is image/jpeg and ends in the middle"),
    "/huge.mp4": ("budget", "it has 10.0 GB, and files of up to 1.0 MB are kept"),
    "/endless.mp4": ("budget", "and files of up to 1.0 MB are kept"),
    "/inside.jpg": ("refused_target", "169.254.169.254:80 is not fetched"),
    "/round.jpg": ("budget", "redirects in a circle"),
}
GOOD = ["/good/1.jpg", "/busy.jpg", "/breaks/1.jpg", "/lies.jpg", "/script.svg", "/packed.svg", "/good/2.jpg"]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two tries."""
    monkeypatch.setattr(fetching, "FIRST_PAUSE", 0.001)


def kept(folder: Path) -> list[str]:
    """The files of a collection."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".") and path.name != "manifest.jsonl")


async def test_every_bad_file_has_an_error_of_its_own_and_the_others_are_kept(tmp_path: Path) -> None:
    async with hostile() as one, keeping(one, tmp_path, max_file_bytes=10**6) as run:
        found = await results(run, [wanted(one, path) for pair in zip([*BAD], [*GOOD, *GOOD], strict=False) for path in pair])
        assert {key for key, item in found.items() if item["outcome"] in ("new", "duplicate")} == set(GOOD)
        for path, (code, words) in BAD.items():
            assert (found[path]["outcome"], found[path]["error"]["code"]) == ("failed", code), path
            assert words in found[path]["error"]["message"]
        assert one.sent["/huge.mp4"] < 50_000_000  # it was not read to find out
        for path in ("/good/1.jpg", "/breaks/1.jpg", "/lies.jpg", "/busy.jpg"):
            assert found[path]["sha256"] == hashlib.sha256(one.content(path)).hexdigest(), path
        assert (found["/script.svg"]["media_type"], found["/script.svg"]["width"]) == ("image/svg+xml", 40)
        assert {found[path]["sha256"] for path in ("/packed.svg", "/script.svg")} == {hashlib.sha256(SVG).hexdigest()}
        assert run.keeper.ready() == []
    records = {record.key: record for record in Collection.open(tmp_path / "made").records()}
    assert all(records[path].error and not records[path].versions for path in BAD)
    assert len(kept(tmp_path / "made")) == len(GOOD) - 1  # two of them are the same
    assert run.told.facts["files"] == {"new": len(GOOD) - 1, "duplicate": 1, "failed": len(BAD)}


async def test_a_better_file_that_did_not_come_is_noted_until_it_is_there(tmp_path: Path) -> None:
    async with hostile() as one:
        item = wanted(one, "/gone.jpg", "/good/1.jpg")
        missed = {"url": one.url("/gone.jpg"), "code": "not_found", "message": "pictures.example answers 404 (not found)"}
        for outcome in ("new", "same"):
            async with keeping(one, tmp_path) as run:
                found = (await results(run, [item]))[item.key]
                assert (found["outcome"], found["better_failed"], found["error"]) == (outcome, missed, None)
                assert await run.keeper.kept(item.key) is None
        assert '"better_failed":{' in (tmp_path / "made" / "manifest.jsonl").read_text()
        async with keeping(one, tmp_path) as run:
            guess = replace(item, candidates=(replace(item.candidates[0], guess=True), item.candidates[1]))
            found = (await results(run, [guess]))[item.key]
            assert (found["outcome"], found["better_failed"]) == ("same", None)
            assert await run.keeper.kept(item.key) == one.url("/good/1.jpg")


async def test_a_host_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    async with hostile() as one, keeping(one, tmp_path, stall=0.1) as run:
        one.versions["/held/1.jpg"] = 0
        found = await results(run, [wanted(one, "/good/1.jpg"), wanted(one, "/held/1.jpg")])
    assert found["/good/1.jpg"]["outcome"] == "new"
    assert found["/held/1.jpg"]["outcome"] == "new"  # the rest came when it was asked for
    assert [asked for path, asked in one.asked if path == "/held/1.jpg"][1].startswith("bytes=")


async def test_a_disk_that_is_full_fails_what_does_not_fit_and_takes_what_does(tmp_path: Path) -> None:
    async with hostile((1600, 1200)) as one, keeping(one, tmp_path) as run:
        small = Hostile.content(Hostile(size=(64, 64)), "/x")
        assert len(one.content("/good/1.jpg")) > 100_000 > len(small)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            found = await results(run, [wanted(one, "/good/1.jpg"), wanted(one, "/script.svg")])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert found["/good/1.jpg"]["error"]["code"] == "disk"
    assert "there is no room left" in found["/good/1.jpg"]["error"]["message"]
    assert found["/script.svg"]["outcome"] == "new"
    assert not list((tmp_path / "made" / ".parts").glob("*.part"))  # what did not fit takes no room


async def test_room_that_has_to_stay_free_ends_the_run_before_anything_is_fetched(tmp_path: Path) -> None:
    async with hostile() as one, keeping(one, tmp_path, free_bytes=2**62) as run:
        run.keeper.want(wanted(one, "/good/1.jpg"))
        (result,), error = await drained(run)
        assert (result["error"]["code"], error and error.code) == ("disk", "disk")
        with pytest.raises(ScrapeError, match="have to stay free"):
            await run.keeper.room()
        run.keeper.want(wanted(one, "/good/2.jpg"))
        (result,), error = await drained(run)
        assert (result["key"], result["error"]["code"], error and error.code) == ("/good/2.jpg", "disk", "disk")
        assert one.times("/good/2.jpg") == 0


async def test_a_folder_that_cannot_be_written_to_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    async with hostile() as one:
        with pytest.raises(ScrapeError, match="cannot be written to") as error:
            async with keeping(one, tmp_path / "file"):
                pass
        assert error.value.code == "disk"


async def test_limits_of_items_of_bytes_and_of_the_job_end_a_run(tmp_path: Path) -> None:
    paths = [f"/good/{number}.jpg" for number in range(6)]
    async with hostile() as one:
        size = len(one.content(paths[0]))
        limits: dict[str, dict[str, Any]] = {
            "more than 2 items": {"max_items": 2},
            "more than .*, which is its limit": {"max_bytes": 3 * size, "at_once": 1},
            "3 requests": {"budget": Budget(requests=3), "at_once": 1},
        }
        for number, (words, limit) in enumerate(limits.items()):
            async with keeping(one, tmp_path / str(number), **limit) as run:
                for path in paths:
                    run.keeper.want(wanted(one, path))
                found, error = await drained(run)
            assert error is not None
            assert error.code == "budget"
            assert re.search(words, error.message)
            good = [item for item in found if item["outcome"] == "new"]
            assert 1 <= len(good) <= 3, (words, found)
            assert len(kept(tmp_path / str(number) / "made")) == len(good)
            assert all(item["error"]["code"] == "budget" for item in found if item not in good)
