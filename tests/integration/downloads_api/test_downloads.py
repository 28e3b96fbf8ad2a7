"""What was kept, as the API shows it: lists, files that cannot harm whoever opens them, ZIPs, and what comes just now."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.integration.downloads_api.conftest import HELD, HTML, SVG, VIDEO, Shop
from tests.integration.jobs_api.asking import add, following, until_state
from tests.pictures import decoded
from tests.serving import Server
from tests.unit.downloads.kept import photo

TREES = "trees.example-gallery"


async def listed(client: httpx.AsyncClient, **wish: str | int) -> dict[str, Any]:
    answer = await client.get("/api/downloads", params=wish)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def named(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    found = await listed(client, collection=TREES, q=name)
    return next(item for item in found["items"] if name in (item["name"], item["title"]))


async def test_what_was_kept_is_listed_newest_first_and_filtered(server: Server) -> None:
    async with server.http() as client:
        found = await listed(client, collection=TREES)
        assert [item["title"] or item["name"] for item in found["items"]] == [
            "An elm",
            *("broken.jpg", "bomb.png", "film.mp4", "page.bin", "drawing.svg", "Älm.webp", "oak.jpg"),
        ]
        assert found["counts"] == {"image": 5, "video": 1, "audio": 0, "other": 1}
        assert [(one["name"], one["items"], one["failed"]) for one in found["collections"]] == [
            ("many.example-gallery", 1000, 0),
            (TREES, 7, 1),
        ]

        async def names(**wish: str | int) -> list[str]:
            return [item["title"] or item["name"] for item in (await listed(client, collection=TREES, **wish))["items"]]

        assert await names(kind="video") == ["film.mp4"]
        assert await names(kind="other") == ["page.bin"]  # of what never came nobody knows the kind
        assert await names(outcome="upgraded") == ["oak.jpg"]
        assert await names(outcome="failed") == ["An elm"]
        assert len(await names(outcome="duplicate")) == 1
        assert await names(job=7001) == ["oak.jpg"]
        assert await names(q="ÄLM") == ["Älm.webp"]
        assert await names(q="oak-large") == ["oak.jpg"]  # by its address
        assert [
            (await client.get("/api/downloads", params=wish)).status_code for wish in ({"before": "x"}, {"kind": "smell"})
        ] == [
            400,
            400,
        ]


async def test_pages_of_the_list_meet_without_gaps(server: Server) -> None:
    async with server.http() as client:
        names: list[str] = []
        before: dict[str, str] = {}
        while True:
            page = await listed(client, collection="many.example-gallery", limit=300, **before)
            names += [item["name"] for item in page["items"]]
            if page["next"] is None:
                break
            before = {"before": page["next"]}
    assert (len(names), len(set(names))) == (1000, 1000)


async def test_an_item_has_all_its_versions_and_each_can_be_had(server: Server) -> None:
    async with server.http() as client:
        oak = await named(client, "oak.jpg")
        assert (await client.get(f"/api/downloads/{oak['id']}")).json() == oak
        assert [(one["number"], one["width"], one["job"]) for one in oak["versions"]] == [(1, 160, 7001), (2, 640, 7002)]
        assert oak["versions"][1]["similarity"] > 0.9
        assert (oak["outcome"], oak["width"], oak["url"]) == ("upgraded", 640, oak["versions"][1]["url"])
        file = f"/api/downloads/{oak['id']}/file"
        best = await client.get(file)
        assert best.content == photo(1, 640, 480)
        assert (best.headers["content-type"], best.headers["content-disposition"]) == ("image/jpeg", 'inline; filename="oak.jpg"')
        assert (await client.get(file, params={"version": 1})).content == photo(1, 160, 120)
        for known in (best.headers["etag"], f'"another", W/{best.headers["etag"]}'):
            assert (await client.get(file, headers={"If-None-Match": known})).status_code == 304
        asked = await client.head(file)
        assert (asked.status_code, asked.headers["content-length"], asked.content) == (200, best.headers["content-length"], b"")
        for missing in (
            f"{file}?version=3",
            f"/api/downloads/{TREES}/{'0' * 16}",
            f"/api/downloads/..%2f{TREES}/{'0' * 16}/file",
        ):
            assert (await client.get(missing)).status_code == 404
        elm = await named(client, "An elm")
        gone = await client.get(f"/api/downloads/{elm['id']}/file")
        assert (gone.status_code, elm["media_type"], elm["versions"]) == (404, None, [])
        assert "it answers 404" in gone.json()["detail"]


async def test_a_part_of_a_video_can_be_had(server: Server) -> None:
    async with server.http() as client:
        film = await named(client, "film.mp4")
        part = await client.get(f"/api/downloads/{film['id']}/file", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, VIDEO[1000:2000], "bytes 1000-1999/256000")
    assert part.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(("name", "content"), [("drawing.svg", SVG), ("page.bin", HTML)])
async def test_what_may_hold_a_script_is_only_ever_saved(server: Server, name: str, content: bytes) -> None:
    async with server.http() as client:
        file = await client.get(f"/api/downloads/{(await named(client, name))['id']}/file")
    assert file.content == content
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert file.headers["x-content-type-options"] == "nosniff"


async def test_a_preview_is_small_and_is_made_once_for_a_browser(server: Server) -> None:
    async with server.http() as client:
        address = f"/api/downloads/{(await named(client, 'Älm.webp'))['id']}/preview.jpg"
        preview = await client.get(address, params={"width": 200})
        assert (preview.headers["content-type"], decoded(preview.content).size) == ("image/jpeg", (200, 50))
        again = await client.get(address, params={"width": 200}, headers={"If-None-Match": preview.headers["etag"]})
        assert again.status_code == 304
        oak = f"/api/downloads/{(await named(client, 'oak.jpg'))['id']}/preview.jpg"
        assert decoded((await client.get(oak, params={"version": 1})).content).size == (160, 120)  # never scaled up


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bomb.png", "claims more pixels than are ever opened"),
        ("broken.jpg", "cannot be decoded"),
        ("drawing.svg", "image/svg+xml"),
        ("film.mp4", "video/mp4"),
    ],
)
async def test_where_no_preview_can_be_made_a_clear_problem_says_why(server: Server, name: str, said: str) -> None:
    async with server.http() as client:
        answer = await client.get(f"/api/downloads/{(await named(client, name))['id']}/preview.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    assert said in answer.json()["detail"]
    assert name in answer.json()["detail"]


async def test_a_zip_of_a_thousand_files_is_sent_as_it_is_read(server: Server) -> None:
    process = psutil.Process(server.process.pid)
    async with server.http() as client:
        before = process.memory_info().rss
        most, size = before, 0
        async with client.stream("GET", "/api/downloads/many.example-gallery.zip") as answer:
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
            async for piece in answer.aiter_raw():
                if size // 2**24 != (size + len(piece)) // 2**24:
                    most = max(most, process.memory_info().rss)
                size += len(piece)
    assert size > 99_000_000
    assert most - before < 32 * 2**20


async def test_a_zip_holds_the_best_of_each_item(server: Server) -> None:
    async with server.http() as client:
        whole = await client.get(f"/api/downloads/{TREES}.zip")
        with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
            assert archive.testzip() is None
            assert sorted(archive.namelist()) == sorted(
                ["bomb.png", "broken.jpg", "drawing.svg", "film.mp4", "oak.jpg", "page.bin", "Älm.webp"]
            )
            assert archive.read("oak.jpg") == photo(1, 640, 480)
        first = await client.get("/api/jobs/7001/files.zip")
        with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
            assert (archive.namelist(), archive.read(archive.namelist()[0])) == (["oak.jpg"], photo(1, 160, 120))
        assert (await client.get("/api/jobs/7999/files.zip")).status_code == 404
        assert (await client.get("/api/downloads/nothing.zip")).status_code == 404


async def test_files_are_seen_while_they_come_and_belong_to_their_job(server: Server, shop: Shop, shelves: Path) -> None:
    async with server.http() as client:
        async with following(client, "/api/jobs/events") as told:
            (job,) = await add(client, "keeping", f"{shop.url}/held.jpg {shop.url}/gone.jpg", max_attempts=1)
            async for event in told:
                transfers = json.loads(event.data).get("transfers", [])
                half = [one for one in transfers if one["name"] == "held.jpg" and one["received"] == len(HELD) // 2]
                if half:
                    break
            assert half[0]["total"] == len(HELD)
            assert (await client.get(f"/api/jobs/{job}")).json()["transfers"][0]["name"] == "held.jpg"
            shop.go.set()
        done = await until_state(client, job, "succeeded", "failed")
        assert (done["summary"]["collection"], done["transfers"]) == ("shop.example-gallery", [])
        found = await listed(client, job=job)
        assert {item["name"]: item["error"] is None for item in found["items"]} == {"held.jpg": True, "gone.jpg": False}
        with zipfile.ZipFile(io.BytesIO((await client.get(f"/api/jobs/{job}/files.zip")).content)) as archive:
            assert archive.read("held.jpg") == HELD
        (again,) = await add(client, "keeping", f"{shop.url}/held.jpg", max_attempts=1)
        await until_state(client, again, "succeeded", "failed")
        (result,) = (await client.get(f"/api/jobs/{again}/items")).json()["items"]
        assert (result["outcome"], result["name"]) == ("same", "held.jpg")

        held = next(item for item in found["items"] if item["name"] == "held.jpg")
        assert (await client.delete(f"/api/downloads/{held['id']}")).status_code == 401
        assert (await client.delete(f"/api/downloads/{held['id']}", headers=server.admin)).status_code == 204
        assert (await client.get(f"/api/downloads/{held['id']}")).status_code == 404
        assert not (shelves / "shop.example-gallery" / "held.jpg").exists()


async def test_a_file_that_somebody_took_away_is_said_to_be(server: Server, shelves: Path) -> None:
    async with server.http() as client:
        (item,) = (await listed(client, collection="many.example-gallery", q="999.jpg"))["items"]
        (shelves / "many.example-gallery" / "999.jpg").unlink()
        answer = await client.get(f"/api/downloads/{item['id']}/file")
    assert (answer.status_code, "999.jpg" in answer.json()["detail"]) == (404, True)
