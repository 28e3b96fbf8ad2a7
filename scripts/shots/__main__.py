"""`python -m scripts.shots [name …]`: docs/images/*.png, taken from a running demo in a real browser."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from scripts.shots.scene import ROOT, Scene, program, scene

IMAGES = ROOT / "docs" / "images"
DESK = ViewportSize(width=1280, height=760)
PANES = 6


def wall(page: Page, found: Scene) -> None:
    """Every pane with a picture."""
    page.goto(found.url)
    expect(page.get_by_role("article")).to_have_count(PANES)
    live = "[...document.querySelectorAll('live-pane')].every((pane) => ['live', 'static'].includes(pane.state))"
    while not page.evaluate(live):  # not wait_for_function: the policy of the page forbids what it does
        page.wait_for_timeout(200)


def stream(page: Page, found: Scene) -> None:
    """One pane, large, with what its script does."""
    page.goto(f"{found.url}/s/page:checkout")
    expect(page.get_by_text("Filling home harbour").first).to_be_visible()


def add_pane(page: Page, found: Scene) -> None:
    """The five ways to a new pane."""
    wall(page, found)
    page.get_by_role("button", name="Add pane").click()
    page.get_by_role("tab", name="Another machine").click()
    expect(page.get_by_role("tabpanel")).to_be_visible()


def share(page: Page, found: Scene) -> None:
    """A link that was made."""
    stream(page, found)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("dialog").get_by_role("button", name="link").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("#token=")


def tokens(page: Page, found: Scene) -> None:
    """What lets people, scripts and machines in."""
    wishes = [
        {"name": "Wall in the hall", "roles": ["viewer"], "streams": [], "expires_in_seconds": None},
        {"name": "Nightly tests", "roles": ["producer"], "streams": ["page:*"], "expires_in_seconds": 30 * 86400},
        {"name": "Ada", "roles": ["viewer", "operator"], "streams": [], "expires_in_seconds": 7 * 86400},
    ]
    for wish in wishes:
        httpx.post(
            f"{found.url}/api/tokens", json=wish, headers={"Authorization": f"Bearer {found.token}"}, trust_env=False
        ).raise_for_status()
    page.goto(f"{found.url}/tokens")
    expect(page.get_by_text("Nightly tests")).to_be_visible()


Shot = Callable[[Page, Scene], None]
SHOTS: dict[str, tuple[Shot, str]] = {
    "wall": (wall, "dark"),
    "wall-light": (wall, "light"),
    "stream": (stream, "dark"),
    "add-pane": (add_pane, "light"),
    "share": (share, "light"),
    "tokens": (tokens, "dark"),
}


def main() -> None:
    """Take them all, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m scripts.shots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(SHOTS)} (default: all)")
    names: list[str] = parser.parse_args().names or list(SHOTS)
    if unknown := set(names) - set(SHOTS):
        parser.error(f"no picture is called {', '.join(sorted(unknown))}; there are: {', '.join(SHOTS)}")
    with scene() as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"))
        for name in names:
            shot, theme = SHOTS[name]
            context = browser.new_context(
                viewport=DESK, color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
            )
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.goto(found.sign_in)
            shot(page, found)
            page.mouse.move(0, 0)
            page.screenshot(path=IMAGES / f"{name}.png")
            print(f"docs/images/{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
