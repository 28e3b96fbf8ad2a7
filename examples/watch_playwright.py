"""A Playwright script that can be watched: run it, and open the address that it prints or your `livepane serve`."""

import asyncio
import shutil

from playwright.async_api import async_playwright

import livepane

FORM = """
<title>Sign up</title>
<style>body { font: 20px sans-serif; margin: 4rem } input { font: inherit; display: block; margin: .5rem 0 1.5rem }</style>
<label>User name <input id="name"></label> <label>City <input id="city"></label>
<button onclick="document.title = 'Thank you'; document.body.textContent = 'Thank you!'">Sign up</button>
"""


async def main() -> None:
    """Fill in a form, slowly enough to be watched."""
    async with async_playwright() as playwright:
        # A Chromium of this machine, else the one that `playwright install chromium` brings.
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = await browser.new_page()

        pane = await livepane.watch(page)

        await page.set_content(FORM)
        name = page.get_by_label("User name")
        livepane.action("Filling user name", selector=name)  # watchers see which one it is, the page does not
        await name.press_sequentially("alice", delay=200)
        livepane.action("Filling city")
        await page.get_by_label("City").press_sequentially("Reykjavik", delay=200)
        livepane.action("Signing up", selector="button")
        await page.get_by_role("button").click()
        await page.wait_for_timeout(2000)
        print(await page.title(), "-", pane.stream)  # noqa: T201
        await browser.close()


asyncio.run(main())
