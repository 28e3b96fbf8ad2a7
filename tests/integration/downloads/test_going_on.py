"""Runs that break off and go on: nothing is fetched twice, and nothing is put together from two files."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from livepane.downloads.collection import Collection
from livepane.downloads.record import Candidate, Wanted
from livepane.jobs import fetching
from tests.galleries.hostile import Hostile, hostile
from tests.integration.downloads.keeping import PAGE, keeping, results, wanted


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def break_off(one: Hostile, folder: Path, path: str) -> int:
    """Have half of a file, and end. Its bytes that are there."""
    async with keeping(one, folder) as run:
        run.keeper.want(wanted(one, path))
        await one.half.wait()
        length = len(one.content(path))
        while (shown := run.transfers.of(1)[0]).received < length // 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # a file's progress is told only now and then
        assert shown.as_dict() | {"bytes_per_second": 0} == {
            "name": "1.jpg",
            "received": length // 2,
            "total": length,
            "bytes_per_second": 0,
        }
    assert run.transfers.of(1) == []
    return next((folder / "made" / ".parts").glob("*.part")).stat().st_size


async def test_a_run_that_was_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    async with hostile((1600, 1200)) as one:
        there = await break_off(one, tmp_path, "/held/1.jpg")
        assert there == len(one.content("/held/1.jpg")) // 2
        async with keeping(one, tmp_path) as run:
            found = await results(run, [wanted(one, "/held/1.jpg")])
        assert found["/held/1.jpg"]["sha256"] == sha256(one.content("/held/1.jpg"))
        assert one.asked[-1] == ("/held/1.jpg", f"bytes={there}-")
        assert one.sent["/held/1.jpg"] == len(one.content("/held/1.jpg"))  # not a byte twice
        assert not list((tmp_path / "made" / ".parts").iterdir())


async def test_a_file_that_changed_meanwhile_is_fetched_anew(tmp_path: Path) -> None:
    async with hostile((1600, 1200)) as one:
        await break_off(one, tmp_path, "/held/1.jpg")
        one.versions["/held/1.jpg"] += 1
        async with keeping(one, tmp_path) as run:
            found = await results(run, [wanted(one, "/held/1.jpg")])
        assert found["/held/1.jpg"]["sha256"] == sha256(one.content("/held/1.jpg"))
        assert one.asked[-1][1].startswith("bytes=")  # it was asked for, and the server said that it is another


@pytest.mark.parametrize("note", ["", "{", '{"url": 5}', '{"url": "http://pictures.example/good/1.jpg", "what": 1}', "[]"])
async def test_what_lies_there_without_a_note_that_can_be_read_is_not_gone_on_with(tmp_path: Path, note: str) -> None:
    async with hostile() as one:
        folder = Collection.open(tmp_path / "made")
        part = folder.part("/good/1.jpg")
        part.write_bytes(b"rubbish")
        part.with_suffix(".json").write_text(note)
        async with keeping(one, tmp_path) as run:
            found = await results(run, [wanted(one, "/good/1.jpg")])
        assert found["/good/1.jpg"]["sha256"] == sha256(one.content("/good/1.jpg"))
        assert one.asked[-1] == ("/good/1.jpg", "")


async def test_a_later_run_asks_only_for_what_is_new_or_better(tmp_path: Path) -> None:
    async with hostile() as one:
        async with keeping(one, tmp_path) as run:
            first = await results(run, [wanted(one, f"/good/{number}.jpg") for number in range(3)])
            assert {item["outcome"] for item in first.values()} == {"new"}
            assert sorted(run.told.said) == [f"Downloading item {number}/3" for number in (1, 2, 3)]
        asked = len(one.asked)
        async with keeping(one, tmp_path) as run:
            again = await results(run, [wanted(one, f"/good/{number}.jpg") for number in range(4)])
            assert {key: item["outcome"] for key, item in again.items()} == {
                "/good/0.jpg": "same",
                "/good/1.jpg": "same",
                "/good/2.jpg": "same",
                "/good/3.jpg": "new",
            }
            assert again["/good/0.jpg"]["sha256"] == first["/good/0.jpg"]["sha256"]
            assert one.asked[asked:] == [("/robots.txt", ""), ("/good/3.jpg", "")]


async def test_an_address_with_another_ticket_is_recognised_by_its_etag(tmp_path: Path) -> None:
    async with hostile((1600, 1200)) as one:
        item = wanted(one, "/good/1.jpg")
        async with keeping(one, tmp_path) as run:
            await results(run, [item])
        ticket = Wanted(item.key, (Candidate(f"{item.candidates[0].url}?ticket=2", "test"),), PAGE)
        one.versions["/good/1.jpg?ticket=2"] = 0
        async with keeping(one, tmp_path) as run:
            found = await results(run, [ticket])
        assert found[item.key]["outcome"] == "same"


async def test_the_first_address_that_holds_what_it_promises_is_kept(tmp_path: Path) -> None:
    async with hostile() as one, keeping(one, tmp_path) as run:
        found = await results(run, [wanted(one, "/gone.jpg", "/page.jpg", "/good/1.jpg", "/good/2.jpg", key="item")])
        assert (found["item"]["outcome"], found["item"]["url"]) == ("new", one.url("/good/1.jpg"))
        assert one.times("/good/2.jpg") == 0


async def test_files_of_one_host_are_fetched_as_many_at_a_time_as_is_polite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "FIRST_PAUSE", 0.001)
    async with hostile() as one, keeping(one, tmp_path, at_once=8) as run:
        limiter = run.egress.rates.files
        assert limiter is not None
        limiter.change(limiter.politeness.__class__(requests_per_second=1000.0, burst=1000, per_host=2))
        found = await results(run, [wanted(one, f"/good/{number}.jpg") for number in range(12)])
        assert len(found) == 12
        assert one.busiest <= 2
