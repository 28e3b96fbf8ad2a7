"""The demo's script: signs people up for a season pass, for ever, and says what it does."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from pathlib import Path

from livepane.browsers.session import CdpSession
from livepane.demo.hand import Hand
from livepane.domain.errors import Unavailable

log = logging.getLogger(__name__)

SITE = Path(__file__).parent / "site"
"""The folder of the demo's pages: `driven.html`, which `drive` drives, and `static.html`, which never changes."""

_PEOPLE = (
    ("ada.winter", "Heron Quay", "#pass-season"),
    ("tomas_r", "Saltmarsh", "#pass-week"),
    ("june.okafor", "Lantern Isle", "#pass-season"),
    ("mikkel", "Far Skerry", "#pass-day"),
)


async def drive(session: CdpSession, say: Callable[[str, str], None]) -> None:
    """Use the page `driven.html` of a session like a person, until cancelled; `say` hears each step with the element's selector.

    Raises:
        SourceGone: the page was closed.
    """
    hand = Hand(session)
    people = itertools.cycle(_PEOPLE)
    person = next(people)
    while True:
        try:
            await _sign_up(hand, say, *person)
            person = next(people)
        except Unavailable as error:  # not there yet, or reloaded under our hands
            log.debug("The demo starts over: %s", error)
            await hand.pause(0.5)


async def _sign_up(hand: Hand, say: Callable[[str, str], None], name: str, harbour: str, choice: str) -> None:
    await hand.move("#username")
    say("Filling username", "#username")
    await hand.click("#username")
    await hand.type(name)
    say("Filling e-mail", "#email")
    await hand.key("Tab")
    await hand.type(f"{name}@example.org")
    say("Reading the departures", "#departures")
    await hand.scroll("#departures", 900)
    await hand.pause(0.8)
    await hand.scroll("#departures", -420)
    say("Filling home harbour", "#harbour")
    await hand.click("#harbour")
    await hand.type(harbour)
    say("Choosing a pass", choice)
    await hand.click(choice)
    await hand.pause(0.5)
    say("Accepting the rules", "#terms")
    await hand.click("#terms")
    say("Submitting the form", "#submit")
    await hand.click("#submit")
    say("Reading the answer", "#welcome-name")
    await hand.pause(2.5)
    say("Starting over", "#again")
    await hand.click("#again")
    await hand.pause(1)
