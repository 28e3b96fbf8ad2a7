"""The how-tos about scraping and the examples that they name: every command and script, with companies of our own making."""

from __future__ import annotations

import asyncio
import csv
import http.server
import io
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.house.tree import ROOT
from tests.boards import World, boards
from tests.docs.blocks import DOCS, Block, blocks
from tests.docs.reader import Reader
from tests.serving import Server, environment, serving

POSTINGS, SCRAPER = DOCS / "howto" / "scrape-job-postings.md", DOCS / "howto" / "write-a-scraper.md"
EXAMPLES = ROOT / "examples"
FIRST, SECOND = "anvilworks.example", "gnist.example"  # example.com and example.org, as it were
NUMBER = "4711"  # what the pages call a job
MAP = b"<urlset><url><loc>https://example.org/a</loc></url><url><loc> https://example.org/b </loc></url></urlset>"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
GALLERY = b'<title>Gallery</title><img alt="" src="/one.png"><img src="/two.png">'
NEWS = b"<!doctype html><title>News</title><h2>Not these</h2><h3>One</h3><h3>Two </h3>"


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A page with headlines, a map of the site, and no robots.txt."""
        body = {"/news": NEWS, "/sitemap.xml": MAP, "/gallery": GALLERY, "/one.png": PICTURE}.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a small site on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Companies of every kind."""
    with boards() as made:
        yield made


@pytest.fixture(scope="module")
def outside(world: World, site: str) -> dict[str, str]:
    """Settings for which those companies and that site are the world."""
    return {
        "LIVEPANE_HOST_ADDRESSES": world.host_addresses,
        "LIVEPANE_CA_FILE": str(world.ca_file),
        "LIVEPANE_REQUEST_BURST": "50",
        "LIVEPANE_ALLOW_PRIVATE_TARGETS": site.removeprefix("http://"),
    }


@pytest.fixture(scope="module")
def scraping(outside: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the two scrapers of the how-to, written down as they stand there."""
    folder = tmp_path_factory.mktemp("scraping")
    own, bare, keeping = [block.text for block in blocks(SCRAPER) if block.language == "python"]
    (folder / "headlines.py").write_text(own)
    (folder / "site_map.py").write_text(bare)
    (folder / "pictures.py").write_text(keeping)
    (start,) = [block for block in shell(SCRAPER) if "serve" in block.text]
    assert start.text == "livepane serve --plugin headlines.py\n"
    with serving(
        folder,
        "--plugin",
        str(folder / "headlines.py"),
        LIVEPANE_PLUGINS=f"{folder / 'site_map.py'},{folder / 'pictures.py'}",
        **outside,
    ) as one:
        yield one


def shell(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language == "sh"]


def test_the_how_to_shows_the_example_as_it_is() -> None:
    own, *_ = [block.text for block in blocks(SCRAPER) if block.language == "python"]
    assert own == (EXAMPLES / "headlines.py").read_text(encoding="utf-8")


def test_the_readme_shows_commands_of_the_how_to() -> None:
    lines = {line for block in shell(ROOT / "README.md") for line in block.text.splitlines() if "scrape" in line}
    assert len(lines) == 2
    assert lines <= {line for block in shell(POSTINGS) for line in block.text.splitlines()}


@pytest.mark.timeout(150)  # a dozen programs start, one after the other
async def test_every_command_of_the_how_to_about_postings_does_what_it_says(
    scraping: Server, outside: dict[str, str], world: World, tmp_path: Path
) -> None:
    install, table, to_csv, stream, add, watch, results, contact = shell(POSTINGS)
    assert (install.text, contact.text.endswith("livepane serve\n")) == ("pip install 'livepane[scrape]'\n", True)
    titles = [job.title for job in (*world.site(FIRST).jobs, *world.site(SECOND).jobs)]
    reader = Reader(tmp_path, scraping, **outside, COLUMNS="300")
    reader.names |= {"https://example.org/careers": f"https://{SECOND}/", "example.com": FIRST, "example.org": SECOND}

    printed = await reader.do(table)
    assert [title for title in titles if title[:30] not in printed] == []
    await reader.do(to_csv)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "postings.csv").read_text(encoding="utf-8-sig"))))
    assert sorted(row["title"] for row in rows) == sorted(titles)

    answers = [json.loads(line[6:]) for line in (await reader.do(stream)).splitlines() if line.startswith("data: ")]
    assert {one["domain"]: (one["status"], len(one["jobs"])) for one in answers} == {
        FIRST: ("success", len(world.site(FIRST).jobs)),
        f"https://{SECOND}/": ("success", len(world.site(SECOND).jobs)),
    }

    first, second = (await reader.do(add)).split()
    reader.names[NUMBER] = first
    followed = await reader.do(watch)
    assert [title for title in titles if title not in followed] == []
    assert all(f"{number}  succeeded" in followed for number in (first, second))
    await reader.do(results)
    kept = (tmp_path / "example.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(kept)))) == len(world.site(FIRST).jobs)


@pytest.mark.timeout(150)  # a dozen programs start, one after the other
async def test_the_scrapers_of_the_how_to_scrape(scraping: Server, outside: dict[str, str], site: str, tmp_path: Path) -> None:
    _, add, watch, results = shell(SCRAPER)
    reader = Reader(tmp_path, scraping, **outside)
    reader.names["https://example.org"] = site
    reader.names[NUMBER] = (await reader.do(add)).strip()
    followed = await reader.do(watch)
    assert "Reading the headlines" in followed
    assert "succeeded, 2 items" in followed
    rows = list(csv.DictReader(io.StringIO((await reader.do(results)).removeprefix("\ufeff"))))
    assert rows == [{"title": title, "page": f"{site}/news"} for title in ("One", "Two")]

    async with scraping.http() as client:
        answer = await client.post("/api/jobs", json={"kind": "site_map", "targets": [f"{site}/", f"{site}/nowhere"]})
        good, bad = [job["id"] for job in answer.json()["jobs"]]
        for number in (good, bad):  # an answer of events ends with its job
            await client.get(f"/api/jobs/{number}/events")
        items = (await client.get(f"/api/jobs/{good}/items")).json()["items"]
        assert items == [{"url": "https://example.org/a"}, {"url": "https://example.org/b"}]
        assert (await client.get(f"/api/jobs/{good}")).json()["summary"]["addresses"] == 2
        assert (await client.get(f"/api/jobs/{bad}")).json()["error"]["code"] == "not_found"

        answer = await client.post("/api/jobs", json={"kind": "pictures", "targets": [f"{site}/gallery"]})
        [number] = [job["id"] for job in answer.json()["jobs"]]
        await client.get(f"/api/jobs/{number}/events")
        items = (await client.get(f"/api/jobs/{number}/items")).json()["items"]
        assert {item["key"]: item["outcome"] for item in items} == {f"{site}/one.png": "new", f"{site}/two.png": "failed"}
        assert (scraping.folder / "downloads" / "127.0.0.1-pictures" / "one.png").read_bytes() == PICTURE


@pytest.mark.parametrize("command", [["sh", "scrape.sh"], [sys.executable, "scrape_stream.py"]], ids=["curl", "python"])
async def test_an_example_prints_companies_as_they_complete(scraping: Server, world: World, command: list[str]) -> None:
    async def run(*domains: str) -> tuple[int, str, str]:
        script = await asyncio.create_subprocess_exec(
            *command, *domains, cwd=EXAMPLES, env=environment(scraping.folder, LIVEPANE_SERVER=scraping.url), stdout=-1, stderr=-1
        )
        output, errors = await script.communicate()
        return script.returncode or 0, output.decode(), errors.decode()

    code, printed, errors = await run(SECOND, "nowhere.invalid")
    assert (code, errors) == (0, "")
    assert [job.title for job in world.site(SECOND).jobs if job.title not in printed] == []
    assert "dns: " in printed
    code, printed, errors = await run(*[SECOND] * 101)
    assert code != 0
    assert "101" in printed + errors
