"""The same script with Playwright's other API: run it, and open the address that it prints or your `livepane serve`."""

import shutil

from playwright.sync_api import sync_playwright

import livepane

FORM = """
<title>Sign up</title>
<style>body { font: 20px sans-serif; margin: 4rem } input { font: inherit; display: block; margin: .5rem 0 1.5rem }</style>
<label>User name <input id="name"></label> <label>City <input id="city"></label>
<button onclick="document.title = 'Thank you'; document.body.textContent = 'Thank you!'">Sign up</button>
"""


def main() -> None:
    """Fill in a form, slowly enough to be watched."""
    with sync_playwright() as playwright:
        # A Chromium of this machine, else the one that `playwright install chromium` brings.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()

        pane = livepane.watch(page)

        page.set_content(FORM)
        name = page.get_by_label("User name")
        livepane.action("Filling user name", selector=name)  # watchers see which one it is, the page does not
        name.press_sequentially("alice", delay=200)
        livepane.action("Filling city")
        page.get_by_label("City").press_sequentially("Reykjavik", delay=200)
        livepane.action("Signing up", selector="button")
        page.get_by_role("button").click()
        page.wait_for_timeout(2000)  # not time.sleep: the picture moves while the script is inside Playwright
        print(page.title(), "-", pane.stream)  # noqa: T201
        browser.close()


main()
