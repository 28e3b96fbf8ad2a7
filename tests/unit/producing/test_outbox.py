"""What waits between a source and the network."""

from __future__ import annotations

import asyncio

from livepane.domain.demand import Demand
from livepane.domain.frame import Encoding, Picture
from livepane.domain.stream import Action, Box, Spot
from livepane.producing.demand import Ceilings, DemandSlot
from livepane.producing.mailbox import Mailbox
from livepane.producing.outbox import ACTIONS_KEPT, Outbox
from livepane.wire import messages


def test_the_newest_item_wins_and_the_others_are_counted() -> None:
    box: Mailbox[int] = Mailbox()
    for number in (1, 2, 3):
        box.put(number)
    assert (box.take(), box.take(), box.dropped) == (3, None, 2)


def test_words_are_told_once_and_in_order() -> None:
    outbox = Outbox()
    outbox.describe(title="One", url="http://one")
    outbox.describe(title="Two")
    outbox.hidden("minimised")
    outbox.action(Action("Filling", at=2_000_000))
    described, state, action = outbox.words(clock_offset=1_000_000)
    assert described == messages.ProducerDescribe(title="Two", url="http://one", masked=False)
    assert state == messages.ProducerState(state="hidden", reason="minimised")
    assert isinstance(action, messages.ProducerAction)
    assert action.action.at == 3.0
    assert outbox.words(0) == []


def test_a_new_connection_hears_of_a_hidden_source_and_of_actions_it_missed() -> None:
    outbox = Outbox()
    outbox.hidden("minimised")
    outbox.words(0)
    outbox.action(Action("Missed", at=0))
    outbox.introduce()
    assert [type(message) for message in outbox.words(0)] == [messages.ProducerState, messages.ProducerAction]


def test_a_source_that_draws_again_is_not_hidden_any_more() -> None:
    outbox = Outbox()
    outbox.hidden("minimised")
    outbox.words(0)
    outbox.put(Picture(0, 1, 1, Encoding.JPEG, b"x"))
    assert outbox.words(0) == [messages.ProducerState(state="live", reason=None)]


def test_only_the_newest_actions_wait_for_a_connection() -> None:
    outbox = Outbox()
    for number in range(ACTIONS_KEPT + 5):
        outbox.action(Action(str(number), at=0))
    told = [message.action.label for message in outbox.words(0) if isinstance(message, messages.ProducerAction)]
    assert (len(told), told[0]) == (ACTIONS_KEPT, "5")


def test_where_an_action_works_is_told_after_it_and_only_the_newest_place() -> None:
    outbox = Outbox()
    outbox.point(None)
    assert outbox.words(0) == []  # who was never asked for it has nothing to take back
    spots = [Spot("Reading", "h1", Box(0, top, 10, 10), 640, 360) for top in (1, 2)]
    outbox.action(Action("Reading", at=0, selector="h1"))
    for spot in spots:
        outbox.point(spot)
    action, highlight = outbox.words(0)
    assert isinstance(action, messages.ProducerAction)
    assert isinstance(highlight, messages.ProducerHighlight)
    assert highlight.spot is not None
    assert (highlight.spot.box.y, highlight.spot.selector, highlight.spot.width) == (2, "h1", 640)
    outbox.point(None)
    outbox.point(None)
    assert outbox.words(0) == [messages.ProducerHighlight(spot=None)]


def test_words_longer_than_the_protocol_takes_are_cut() -> None:
    outbox = Outbox()
    outbox.describe(title="t" * 9000, url="u" * 9000)
    outbox.action(Action("l" * 9000, at=0, selector="s" * 9000))
    outbox.hidden("r" * 9000)
    for message in outbox.words(0):
        messages.decode_producer_message(messages.encode(message))


def test_ceilings_limit_what_is_demanded_and_fill_what_is_not() -> None:
    ceilings = Ceilings(fps=8, quality=60, max_dimension=1600)
    assert ceilings.limit(Demand(30, 90, 4000, None)) == Demand(8, 60, 1600, 1600)
    assert ceilings.limit(Demand(2, 40, 300, 200)) == Demand(2, 40, 300, 200)
    assert Ceilings().limit(Demand(30)) == Demand(30)


async def test_a_source_hears_of_every_change_that_asks_for_something() -> None:
    slot = DemandSlot()
    slot.set(Demand(5))
    async with asyncio.TaskGroup() as tasks:
        change = tasks.create_task(slot.changed())
        await asyncio.sleep(0)
        slot.set(None)
        await asyncio.sleep(0)
        slot.set(Demand(5))
        await asyncio.sleep(0)
        assert not change.done()
        slot.set(Demand(9))
    assert change.result() == Demand(9)
    assert slot.now == Demand(9)


async def test_the_end_of_demand_wakes_who_waits_for_it() -> None:
    slot = DemandSlot()
    slot.set(Demand(5))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(slot.given_up())
        await asyncio.sleep(0)
        slot.set(None)
    assert slot.now == Demand(5)  # a capture that is about to be cancelled may still ask
    slot.set(Demand(1))
    assert await slot.asked_for() == Demand(1)
