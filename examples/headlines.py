"""A scraper of your own: the headlines of a page. livepane serve --plugin examples/headlines.py"""

from collections.abc import AsyncIterator

from livepane.scrapers import Item, Work, scraper


@scraper(
    "headlines",
    about="The headlines of a page.",
    options={"level": {"type": "integer", "minimum": 1, "maximum": 6, "default": 2, "description": "1 to 6, as in <h1>."}},
)
async def headlines(work: Work) -> AsyncIterator[Item]:
    """Open the page in a browser, because scripts may fill it, and yield what stands in its headlines."""
    level = work.options.get("level", 2)
    async with work.page() as page:
        work.say("Opening the page")
        await page.goto(work.target)
        work.say("Reading the headlines", progress=0.5, selector=f"h{level}")
        for text in await page.locator(f"h{level}").all_inner_texts():
            yield {"title": text.strip(), "page": page.url}
