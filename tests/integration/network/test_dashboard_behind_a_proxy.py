"""The dashboard in a real Chromium, below a path behind a real nginx with TLS: it works, and its policy is never broken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from livepane.browsers.find import find_chromium
from livepane.browsers.flags import IN_A_SCRIPT
from tests.certificates import NAME, Certificate
from tests.contract.clients import text
from tests.fronts import Front, nginx, settings_of_page
from tests.integration.web import site
from tests.pictures import jpeg
from tests.serving import Server, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
TITLE = "</title><img src=x onerror=alert(1)><script>alert(2)</script>"
VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.sample].join(" ")));
"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory, own_certificate: Certificate) -> Iterator[tuple[Server, Front]]:
    options, variables = settings_of_page("/panes")
    with (
        serving(tmp_path_factory.mktemp("server"), *options, **variables) as server,
        nginx(server, tmp_path_factory.mktemp("nginx"), own_certificate, "/panes") as front,
    ):
        yield server, front


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(find_chromium()),
            args=["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1", *IN_A_SCRIPT],
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
    yield context
    await context.close()


async def wanders(page: Page, base: str) -> None:
    """Through everything that the dashboard opens."""
    for path in ("/s/producer:script", "/tokens", "/wall/nothing", "/"):
        await page.goto(base + path)
        await expect(page.locator("#app main, #app [role=main]").first).to_be_visible()
        await unbroken(page)
    await expect(page.get_by_text(TITLE).first).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog").first).to_be_visible()
    await page.keyboard.press("Escape")
    for name in ("Add pane", "Account", "Display"):
        button = page.get_by_role("button", name=name).first
        if await button.count():
            await button.click()
            await expect(page.locator("[role=menu], [role=dialog]").first).to_be_visible()
            await page.keyboard.press("Escape")
    await unbroken(page)


async def unbroken(page: Page) -> None:
    assert await page.evaluate("window.violations") == []


async def test_the_dashboard_works_below_a_path_and_keeps_to_its_policy(
    behind: tuple[Server, Front], context: BrowserContext
) -> None:
    server, front = behind
    base = f"{front.origin}/panes"
    dialogs: list[str] = []
    failed: list[str] = []
    await context.add_init_script(VIOLATIONS)
    page = await context.new_page()
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((base, "data:", "blob:")) else failed.append(request.url))
    url = f"ws://127.0.0.1:{server.port}/panes/ws/producer"
    protocol = Subprotocol("livepane.producer.v1")
    async with connect(url, additional_headers=server.admin, proxy=None, subprotocols=[protocol]) as script:
        await script.send(json.dumps({"type": "hello", "name": "script", "title": TITLE}))
        await text(script, "demand")
        await page.goto(f"{base}/signin?token={server.token}")
        await page.wait_for_url(f"{base}/")
        await expect(page.get_by_text(TITLE).first).to_be_visible()
        await wanders(page, base)
        async with connect(
            f"ws://127.0.0.1:{server.port}/panes/ws/producer?name=plain", additional_headers=server.admin, proxy=None
        ) as plain:
            await page.goto(f"{base}/view/producer:plain")
            await plain.send(jpeg(1))
            await expect(page.locator("#connection")).to_have_attribute("data-phase", "open")
            await unbroken(page)
    assert dialogs == []
    assert failed == []


@pytest.mark.parametrize("listed", [True, False])
async def test_a_listed_site_may_show_a_pane_in_a_frame_and_another_may_not(
    tmp_path_factory: pytest.TempPathFactory, context: BrowserContext, listed: bool
) -> None:
    with site() as wiki:
        settings = {"LIVEPANE_FRAME_ANCESTORS": wiki if listed else "https://wiki.example.org"}
        with serving(tmp_path_factory.mktemp("server"), **settings) as server:
            page = await context.new_page()
            await page.goto(f"{wiki}/static")
            for path, shown in (("/view/producer:x", listed), ("/", False)):
                async with page.expect_event("framenavigated", lambda frame: frame.parent_frame is not None) as navigated:
                    await page.evaluate(
                        "url => { document.body.replaceChildren(Object.assign(document.createElement('iframe'), {src: url})) }",
                        server.url + path,
                    )
                frame = await navigated.value
                if shown:
                    await expect(frame.locator("live-pane")).to_be_attached()
                else:
                    assert frame.url.startswith("chrome-error:"), path
