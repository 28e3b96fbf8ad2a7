"""The hand of a recipe on a page: it opens it and does its steps, and says of each what it does and what went wrong."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, assert_never

from livepane.scrapers.contract import ScrapeError, Work
from livepane.scrapers.media import walls
from livepane.scrapers.media.recipes import templates
from livepane.scrapers.media.recipes.model import Choose, Click, Fill, Press, Recipe, Step, Wait
from livepane.scrapers.media.sight import Sight

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

SECONDS, OPTIONAL_SECONDS, WAIT_SECONDS = 10.0, 3.0, 30.0
LOOK_EVERY = 0.1  # s between two looks at a page that something is to come on
LONGEST_WORDS = 200  # characters of what a site says
_SHOWN = "(all, most) => all.slice(0, most).filter(one => one.checkVisibility({visibilityProperty: true})).length"
_STATE = """all => {
  const one = all.find(one => one.checkVisibility({visibilityProperty: true}));
  const entries = [...(one?.options || [])].flatMap(one => [one.value, one.label]);
  return {disabled: Boolean(one?.matches(":disabled")), entries};
}"""
_UNFIT = re.compile(r"(?:Element is not|Malformed value).*")
_LOOKED_AT = 200  # elements of a selector whose visibility is asked for


class Hand:
    """Does the steps of one recipe on one page."""

    def __init__(self, recipe: Recipe, work: Work, page: Page, user: str, *, pause: float = 0) -> None:
        """`pause`: s after each step."""
        self._recipe, self._work, self._page, self._user, self._pause = recipe, work, page, user, pause

    async def open(self, url: str) -> None:
        """Go to an address. Raises ScrapeError: it does not answer, may not be asked, or answers with an error."""
        self._work.say(f"Opening {url}")
        await self._work.http.permit(url)
        answer = await self._page.goto(url, wait_until="domcontentloaded")
        error = walls.of_status(url, answer.status) if answer is not None else None
        if error is not None:
            raise error
        await self._understood()
        for selector in self._recipe.dismiss:
            await self._keep_away(selector)

    async def steps(self) -> None:
        """All of them, in their order."""
        for number, step in enumerate(self._recipe.steps, 1):
            await self._do(step, f"step {number} ({_called(step)})")
            await asyncio.sleep(self._pause)

    async def _do(self, step: Step, name: str) -> None:
        selector = _selector(step)
        self._work.say(step.say or _label(step), selector=selector)
        if isinstance(step, Wait):
            await self._wait(step, name)
            return
        seconds = step.seconds or (OPTIONAL_SECONDS if step.optional else SECONDS)
        if not await self._comes(selector, seconds):
            if not step.optional:
                raise await self._missing(selector, name, seconds)
            return
        from playwright.async_api import Error, TimeoutError

        try:
            element = self._page.locator(f"css={selector}").filter(visible=True).first
            if isinstance(step, Click) and not await element.count():
                # It has no size: all that is in it is a picture, which is fetched only while somebody watches.
                await self._page.locator(f"css={selector}").first.dispatch_event("click", timeout=seconds * 1000)
                return
            await self._act(step, element, seconds * 1000)
        except TimeoutError as error:
            if not step.optional:
                raise await self._stuck(step, name, seconds, error.message) from None
        except Error as error:
            raise self._unfit(error, name) from error

    async def _act(self, step: Fill | Choose | Click | Press, element: Locator, patience: float) -> None:
        """`patience`: ms."""
        match step:
            case Fill():
                await element.fill(self._filled(step.value), timeout=patience)
            case Choose():
                await element.select_option(self._filled(step.option), timeout=patience)
            case Click():
                await element.click(timeout=patience)
            case Press():
                await element.press(step.press, timeout=patience)
            case _:
                assert_never(step)

    async def _wait(self, step: Wait, name: str) -> None:
        seconds = step.seconds or (OPTIONAL_SECONDS if step.optional else WAIT_SECONDS)
        until = time.monotonic() + seconds
        while True:
            if await self._shown(step.wait):
                return
            if step.nothing and await self._shown(step.nothing):
                whom = f" for {self._user!r}" if self._user else ""
                raise ScrapeError("not_found", f"{name}: the site has nothing{whom}: {await self._words(step.nothing)}")
            if step.refusal and await self._shown(step.refusal):
                raise ScrapeError("blocked", f"{name}: the site refuses: {await self._words(step.refusal)}")
            if time.monotonic() > until:
                break
            await asyncio.sleep(LOOK_EVERY)
        if step.optional:
            return
        if (wall := await self._wall()) is not None:
            raise wall
        hint = "" if step.nothing else "; what the site shows when it has nothing can be named as nothing"
        raise ScrapeError(
            "timeout", f"{name}: {step.wait!r} did not come within {seconds:g} s on {self._page.url}{hint}", retry=True
        )

    # --- looking ------------------------------------------------------------------------------------

    async def _comes(self, selector: str, seconds: float) -> bool:
        """Whether it is seen within this time."""
        until = time.monotonic() + seconds
        while not await self._shown(selector):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(LOOK_EVERY)
        return True

    async def _shown(self, selector: str) -> int:
        """How many elements are shown, also those without a size: their pictures may not be there yet."""
        from playwright.async_api import Error

        try:
            return int(await self._page.locator(f"css={selector}").evaluate_all(_SHOWN, _LOOKED_AT))
        except Error:
            if self._page.is_closed():
                raise
            return 0  # the page goes on to another one meanwhile

    async def _words(self, selector: str) -> str:
        """What an element says."""
        from playwright.async_api import Error

        try:
            said = await self._page.locator(f"css={selector}").filter(visible=True).first.inner_text(timeout=1000)
        except Error:
            said = ""
        said = " ".join(said.split())[:LONGEST_WORDS]
        return repr(said) if said else f"{selector!r} is there"

    async def _understood(self) -> None:
        """See that the browser can read every selector, before anything is done with the first."""
        from playwright.async_api import Error

        recipe = self._recipe
        known = [(f"step {number} ({_called(step)})", one) for number, step in enumerate(recipe.steps, 1) for one in _all(step)]
        known += [(f"dismiss, number {number}", one) for number, one in enumerate(recipe.dismiss, 1)]
        if (cards := recipe.cards) is not None:
            fields = {"selector": cards.selector, "link": cards.link, "image": cards.image, "title": cards.title}
            known += [(f"cards.{name}", one) for name, one in fields.items() if one]
        if recipe.more is not None and recipe.more.next:
            known.append(("more.next", recipe.more.next))
        for name, selector in known:
            try:
                await self._page.locator(f"css={selector}").count()
            except Error as error:
                if "selector" not in error.message.lower():
                    raise
                raise ScrapeError("bad_recipe", f"{name}: {selector!r} is no CSS selector to the browser") from None

    async def _keep_away(self, selector: str) -> None:
        """Click on it whenever it is in the way of a step."""
        button = self._page.locator(f"css={selector}").filter(visible=True).first

        async def close(_: Locator) -> None:
            from playwright.async_api import Error

            self._work.say("Closing a banner", selector=selector)
            try:
                await button.click(timeout=OPTIONAL_SECONDS * 1000)
            except Error as error:
                self._work.warn(f"dismiss: {selector!r} could not be clicked on: {error.message.partition(chr(10))[0]}")

        await self._page.add_locator_handler(button, close, no_wait_after=True)

    # --- what goes wrong ----------------------------------------------------------------------------

    async def _wall(self) -> ScrapeError | None:
        """Whether a login or a challenge stands where the page should be."""
        from playwright.async_api import Error

        try:
            found = walls.of_page(self._page.url, await Sight(self._page).look())
        except Error:
            return None  # why the page cannot be read is not what went wrong first
        return found if found.code in ("login", "blocked") else None

    async def _missing(self, selector: str, name: str, seconds: float) -> ScrapeError:
        if (wall := await self._wall()) is not None:
            return wall
        there = await self._page.locator(f"css={selector}").count()
        if there:
            return ScrapeError(
                "bad_recipe", f"{name}: {selector!r} is on {self._page.url}, but was not shown within {seconds:g} s"
            )
        return ScrapeError(
            "bad_recipe",
            f"{name}: {selector!r} matches nothing on {self._page.url} (waited {seconds:g} s); the page may have changed",
        )

    async def _stuck(self, step: Step, name: str, seconds: float, said: str) -> ScrapeError:
        selector = _selector(step)
        state = await self._page.locator(f"css={selector}").evaluate_all(_STATE)
        if state["disabled"]:
            return ScrapeError("bad_recipe", f"{name}: {selector!r} stays disabled (waited {seconds:g} s) on {self._page.url}")
        if isinstance(step, Choose) and self._filled(step.option) not in state["entries"]:
            return ScrapeError(
                "bad_recipe", f"{name}: {selector!r} has no such entry as {self._filled(step.option)!r} on {self._page.url}"
            )
        if "intercepts pointer events" in said:
            over = next((line for line in reversed(said.splitlines()) if "intercepts pointer events" in line), "").strip(" -")
            return ScrapeError(
                "bad_recipe",
                f"{name}: something lies over {selector!r}: {over[:200]}. Name its button in dismiss, or click on it first",
            )
        for sign, what in (
            ("not enabled", "stays disabled"),
            ("not editable", "cannot be written to"),
            ("not stable", "keeps moving"),
        ):
            if sign in said:
                return ScrapeError("bad_recipe", f"{name}: {selector!r} {what} (waited {seconds:g} s) on {self._page.url}")
        return ScrapeError("timeout", f"{name}: {selector!r} did not answer within {seconds:g} s on {self._page.url}", retry=True)

    def _unfit(self, error: Exception, name: str) -> Exception:
        """An error of the browser about the element itself; others keep their meaning."""
        found = _UNFIT.search(str(error))
        return ScrapeError("bad_recipe", f"{name}: {found.group()[:300]}") if found is not None else error

    def _filled(self, text: str) -> str:
        return templates.filled(text, {"user": self._user})


def _selector(step: Step) -> str:
    match step:
        case Fill(fill=selector) | Choose(choose=selector) | Click(click=selector) | Press(at=selector) | Wait(wait=selector):
            return selector
        case _:
            assert_never(step)


def _all(step: Step) -> list[str]:
    more = [step.nothing, step.refusal] if isinstance(step, Wait) else []
    return [_selector(step), *(one for one in more if one)]


def _called(step: Step) -> str:
    """Such as: fill '#name'."""
    verb = type(step).__name__.lower()
    return f"{verb} {_selector(step)!r}" if not isinstance(step, Press) else f"press {step.press} at {step.at!r}"


def _label(step: Step) -> str:
    """What people read when the recipe says nothing."""
    match step:
        case Fill():
            return f"Filling {step.fill}"
        case Choose():
            return f"Choosing in {step.choose}"
        case Click():
            return f"Clicking on {step.click}"
        case Press():
            return f"Pressing {step.press} at {step.at}"
        case Wait():
            return f"Waiting for {step.wait}"
        case _:
            assert_never(step)
