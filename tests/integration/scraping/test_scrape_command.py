"""`livepane scrape` in a terminal: results to standard output, the rest to standard error."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.boards import Web
from tests.boards.company import company
from tests.forking.child import run
from tests.integration.scraping.made import Made, Serve

TITLE = "=Smith\x1b[2J"  # what a page says must steer neither a terminal nor a spreadsheet


@pytest.fixture
def made(served: Serve) -> Iterator[Made]:
    web = Web()
    place = {"location": "Bern"}
    rows = [
        {"id": "1", "text": TITLE, "hostedUrl": "https://jobs.lever.co/acme/1", "descriptionPlain": "I.", "categories": place}
    ]
    web.json("https://api.lever.co/v0/postings/acme", rows)
    company(web, "acme.example", "Acme", '<a href="https://jobs.lever.co/acme">Open positions</a>')
    company(web, "anvil.example", "Anvil", "<h1>Careers</h1><p>There are currently no open positions.</p>")
    with served(web) as serving:
        yield serving


def livepane(made: Made, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody types it."""
    settings = made.settings
    env = {
        **os.environ,
        "LIVEPANE_HOST_ADDRESSES": ",".join(settings.host_addresses),
        "LIVEPANE_CA_FILE": str(settings.ca_file),
        "PYTHONIOENCODING": "utf-8",
    }
    return run("scrape", *words, env=env)


def test_a_line_for_each_domain_and_nothing_else_on_standard_output(made: Made) -> None:
    ran = livepane(made, "acme.example", "https://anvil.example/", "acme.example", "10.0.0.1", "--format", "jsonl")
    results = {result["domain"]: result for result in map(json.loads, ran.stdout.splitlines())}
    assert list(results) == list(dict.fromkeys(results))
    assert [results[name]["status"] for name in ("acme.example", "https://anvil.example/", "10.0.0.1")] == [
        "success",
        "success",
        "error",
    ]
    assert [job["id"] for job in results["acme.example"]["jobs"]] == ["1"]
    assert results["https://anvil.example/"]["jobs"] == []
    assert results["10.0.0.1"]["error"].startswith("refused_target: ")
    assert len(ran.stdout.splitlines()) == 3
    assert "acme.example: Reading the jobs of lever board acme" in ran.stderr.splitlines()
    assert ran.returncode == 3


def test_postings_as_rows_and_as_a_table(made: Made) -> None:
    rows = livepane(made, "acme.example", "--format", "csv", "--quiet")
    (posting,) = csv.DictReader(io.StringIO(rows.stdout.lstrip("\ufeff")))
    assert (posting["domain"], posting["title"][:2], posting["location"]) == ("acme.example", "'=", "Bern")
    assert (rows.stderr, rows.returncode) == ("", 0)
    table = livepane(made, "acme.example", "--quiet")
    assert "https://jobs.lever.co/acme/1" in table.stdout
    assert "\x1b" not in table.stdout
