"""Scrapers for the tests, loaded by a server with `--plugin`."""

from collections.abc import AsyncIterator
from typing import Any

from livepane.scrapers import Work, scraper


@scraper("gallery", about="Shows a red page, and a blue one when the gate opens.")
async def gallery(work: Work) -> AsyncIterator[dict[str, Any]]:
    async with work.page() as page:
        await page.goto(f"{work.target}/red")
        work.say("Showing red")
        await page.goto(f"{work.target}/gate/blue")
        work.say("Showing blue")
        await page.goto(f"{work.target}/gate/2/blue")
        yield {"title": await page.title()}


@scraper("pointer", about="Works on an element until the gate opens, and then on another one.")
async def pointer(work: Work) -> AsyncIterator[dict[str, Any]]:
    async with work.page() as page:
        await page.set_content(
            "<body style='margin:0;background:#fff'><p style='margin:200px 400px;width:300px;height:60px'>Here</p>"
        )
        work.say("Reading here", selector="text=Here")
        response = await work.http.get(f"{work.target}/gate/blue", robots=False)
        work.say("Reading on", selector="#nowhere")
        await page.evaluate("document.body.style.background = '#99c'")
        yield {"bytes": len(response.body)}
        await work.http.get(f"{work.target}/gate/2/blue", robots=False)


@scraper("reader", about="Needs no page.")
async def reader(work: Work) -> AsyncIterator[dict[str, Any]]:
    work.say("Reading")
    yield {"bytes": len((await work.http.get(work.target, robots=False)).body)}
    await work.http.get(f"{work.target}/gate/blue", robots=False)
