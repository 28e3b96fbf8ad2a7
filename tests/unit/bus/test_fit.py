"""Whatever another node says, nothing breaks here."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as any_

from livepane.bus.fit import fit_action, fit_demand, fit_seconds, fit_spot
from livepane.bus.memory import MemoryBus
from livepane.domain.bus import Lease, Parcel, StreamRecord
from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE, Demand
from livepane.domain.frame import Frame
from livepane.domain.stream import Action, Box, Spot, State
from livepane.transports.view import action_model, spot_model, stream_model
from livepane.wire.publish import EVERY_RANGE
from tests.patience import PATIENCE
from tests.pictures import picture
from tests.unit.bus.cluster import machine

numbers = any_.floats() | any_.integers(-(10**30), 10**30).map(float)
wholes = any_.integers(-(10**30), 10**30)
boxes = any_.builds(Box, numbers, numbers, numbers, numbers)
words = any_.text(max_size=2000)


@given(any_.builds(Demand, numbers, any_.none() | wholes, any_.none() | wholes, any_.none() | wholes, any_.booleans()))
def test_a_demand_is_one_that_a_viewer_could_have(demand: Demand) -> None:
    fitted = fit_demand(demand)
    assert FPS_RANGE[0] <= fitted.fps <= FPS_RANGE[1]
    bounds = ((fitted.quality, QUALITY_RANGE), (fitted.width, SIDE_RANGE), (fitted.height, SIDE_RANGE))
    assert all(value is None or least <= value <= most for value, (least, most) in bounds)
    assert fit_demand(fitted) == fitted


@given(any_.builds(Action, words, wholes, any_.none() | words, any_.none() | boxes), wholes)
def test_an_action_can_be_told_to_viewers(action: Action, at: int) -> None:
    assert action_model(fit_action(action, at)).model_dump_json()


@given(any_.builds(Spot, words, any_.none() | words, boxes, numbers, numbers))
def test_a_spot_can_be_told_to_viewers_or_is_none(spot: Spot) -> None:
    fitted = fit_spot(spot)
    assert fitted is None or spot_model(fitted).model_dump_json()


def test_a_time_between_pictures_is_one() -> None:
    assert [fit_seconds(one) for one in (None, 2.5, 0.0, -1.0, math.inf, math.nan)] == [None, 2.5, None, None, None, None]
    assert fit_seconds(1e308) == EVERY_RANGE[1]


async def test_a_node_goes_on_whatever_it_is_told() -> None:
    bus = MemoryBus()
    async with machine(bus, "a") as a, machine(bus, "b") as b:
        stream, source = a.show()
        await b.sees()
        life = b.node.life
        odd = (
            StreamRecord("b", life, "no id", "x", State.LIVE),
            StreamRecord("b", life, "page:" + "x" * 4000, "x", State.LIVE),
            StreamRecord(
                "b", life, "page:q", "t" * 9000, State.LIVE, url="u" * 99_999, every=1e308, requested=True, fed_at=-(10**400)
            ),
            StreamRecord("b", life, "page:p", "mine, says b", State.LIVE),
            StreamRecord("b", "another life", "page:r", "x", State.LIVE),
        )
        for record in odd:
            b.end.announce(record)
        for name in ("page:p", "no id", "window:x@a", "window:1@", "page:unknown"):
            b.end.lease(Lease("b", name, Demand(math.nan, -5, 0, 10**9), -1, (-1, -1)))
        b.end.publish(Parcel("page:q", Frame(1, 1, replace(picture(), captured_at=-(10**30))), "b", -(10**30)))
        await source.until(lambda one: one.sink is not None)
        shown = await a.sees("page:q")
        async with asyncio.timeout(PATIENCE):
            await shown.until(lambda one: one.newest_or_none() is not None)
        assert stream_model(shown).model_dump_json()
        assert sorted(str(one.id) for one in a.hub.list()) == ["page:p", "page:q"]
        assert stream.node is None
        a.node.step(time.monotonic())
