"""Somebody's own Playwright script as a process: types, clicks and reads on a page, over and over.

`--mode alone`: nothing else. `--mode watched`: with `livepane.watch`. `--mode screenshots`: takes `page.screenshot` every 200 ms,
which is how pages are commonly shown. Says `ready`; answers each `seconds` line with how often it went round.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator

from playwright.async_api import Page, async_playwright

import livepane
from benchmarks.parts.machine import chromium

_EVERY = 0.2  # seconds between screenshots


async def main() -> None:
    """Until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=("alone", "watched", "screenshots"), required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--server")
    parser.add_argument("--name")
    options = parser.parse_args()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        await page.goto(options.url)
        async with _shown(page, options):
            print("ready", flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                print(await _work(page, float(line)), flush=True)


async def _work(page: Page, seconds: float) -> int:
    """Go round for about so long."""
    rounds, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        await page.fill("#name", "")
        await page.locator("#name").press_sequentially("a new line")
        await page.click("#add")
        await page.wait_for_function(f"Number(document.getElementById('count').textContent) > {rounds % 5}")
        await page.text_content("#list li:last-child")
        rounds += 1
    return rounds


@contextlib.asynccontextmanager
async def _shown(page: Page, options: argparse.Namespace) -> AsyncIterator[None]:
    match options.mode:
        case "watched":
            async with livepane.watch(page, name=options.name, server=options.server, start_server=False):
                yield
        case "screenshots":
            async with asyncio.TaskGroup() as tasks:
                shooting = tasks.create_task(_shoot(page), name="screenshots")
                yield
                shooting.cancel()
        case _:
            yield


async def _shoot(page: Page) -> None:
    while True:
        started = time.monotonic()
        await page.screenshot(type="jpeg", quality=80)
        await asyncio.sleep(max(0.0, _EVERY - (time.monotonic() - started)))


if __name__ == "__main__":
    asyncio.run(main())
