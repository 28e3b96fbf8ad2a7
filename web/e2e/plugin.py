"""Scrapers of the dashboard's tests: what they do is in their target, and they wait until they are told to go on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from livepane.scrapers import ScrapeError, Work, scraper


async def _until(path: object) -> None:
    """Wait for a file that a test makes: it is another process, so there is nothing else to wait on."""
    while path and not Path(str(path)).exists():  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.05)


@scraper(
    "steps",
    about="As many items as its target says.",
    options={
        "gate": {"type": "string", "description": "A file to wait for after the first item"},
        "loud": {"type": "boolean", "default": False},
    },
)
async def steps(work: Work) -> AsyncIterator[dict[str, Any]]:
    """A target such as "shop.example 3"."""
    count = int(work.target.rsplit(" ", 1)[-1])
    for number in range(1, count + 1):
        work.say(f"Reading page {number} of {count}", progress=number / count)
        if work.options.get("loud") and number == 1:
            work.warn("One page was empty")
        yield {"title": f"Thing {number}", "price": number * 10, "url": f"https://shop.example/{number}", "tags": ["a", "b"]}
        if number == 1:
            await _until(work.options.get("gate"))
    work.report(pages=count)


@scraper("breaks", about="Ends with the error that its target names.", options={"gate": {"type": "string"}})
async def breaks(work: Work) -> AsyncIterator[dict[str, Any]]:
    """One item, and then the error; with a gate, a page to look at before that."""
    work.say("Looking around")
    yield {"title": "The only one"}
    if work.options.get("gate"):
        async with work.page() as page:
            await page.set_content("<body style='background: #2a7'><h1>Before it broke</h1>")
            work.say("Reading the page")
            await _until(work.options["gate"])
    raise ScrapeError(work.target, "the third request was refused")


@scraper("walks", about="Goes along the parts of a page, one gate for each.", options={"gate": {"type": "string"}})
async def walks(work: Work) -> AsyncIterator[dict[str, Any]]:
    """Each part has a colour of its own, and the page takes it on."""
    async with work.page() as page:
        parts = {"first": "#c33", "second": "#393", "third": "#33c"}
        boxes = "".join(f"<p id={name} style='margin:40px 80px;width:400px;height:60px'>The {name} part</p>" for name in parts)
        await page.set_content(f"<body style='margin:0;color:#fff;font:24px sans-serif'>{boxes}")
        for name, colour in parts.items():
            work.say(f"Reading the {name} part", selector=f"text=The {name} part")
            await page.evaluate("colour => { document.body.style.background = colour }", colour)
            await _until(f"{work.options['gate']}-{name}")
        yield {"title": "All parts"}
