"""Pictures that come by single requests: where they go, how many may come, which is the newest, and whose clock is wrong."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from livepane.domain.access import ALL_ROLES, Rights, Streams
from livepane.domain.errors import BadPicture, Forbidden, NameTaken, NoRoom, TooFast, TooLarge
from livepane.domain.stream import State, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.media.image import Limits
from livepane.transports.producer import Producers, RemoteSource
from livepane.transports.pushed import BURST, Bucket, Pushes, Quota, Skew
from livepane.wire.publish import Publication, stream_of
from tests.patience import PATIENCE
from tests.pictures import image, jpeg

EVERY = Rights(ALL_ROLES)
SECOND = 10**9


def publication(number: int = 0, source: str | None = None, data: bytes | None = None, **said: Any) -> Publication:
    return Publication(stream_of(source), base64.b64encode(jpeg(number) if data is None else data).decode(), **said)


@asynccontextmanager
async def pushing(**quota: float) -> AsyncIterator[tuple[Hub, Producers, Pushes]]:
    wanted: dict[str, Any] = {"per_second": 1000.0, "per_second_of_address": 1000.0, "sources": 10, "kept": 3600.0, **quota}
    async with Hub() as hub:
        producers = Producers(hub)
        yield hub, producers, Pushes(hub, producers, Limits(100_000, 1_000_000), Quota(**wanted))


def shown(stream: Stream | None) -> bytes:
    frame = stream.newest() if stream is not None else None
    assert frame is not None
    return frame.picture.data


async def test_a_source_becomes_a_stream_with_its_first_picture() -> None:
    async with pushing() as (hub, _, pushes):
        assert hub.list() == []
        stream = await pushes.take(publication(1, "till 4", title="Till", url="https://example.org/", masked=True), EVERY)
        assert [str(one.id) for one in hub.list()] == ["tab:till 4"]
        assert (stream.title, stream.url, stream.masked, stream.can_close) == ("Till", "https://example.org/", True, True)
        assert (stream.state, shown(stream)) == (State.LIVE, jpeg(1))
        again = await pushes.take(publication(2, "till 4"), EVERY)
        assert again is stream
        assert (stream.title, shown(stream)) == ("Till", jpeg(2))


async def test_who_names_no_source_is_listed_as_default() -> None:
    async with pushing() as (hub, _, pushes):
        await pushes.take(publication(1), EVERY)
        assert [(str(one.id), one.title) for one in hub.list()] == [("tab:default", "default")]


async def test_the_same_picture_again_is_a_sign_of_life_and_no_news() -> None:
    async with pushing() as (_, _, pushes):
        stream = await pushes.take(publication(1), EVERY)
        before = stream.newest()
        assert stream.cadence is not None
        first = stream.cadence.last_at
        await pushes.take(publication(1), EVERY)
        assert stream.newest() is before
        assert stream.cadence.last_at > first


async def test_the_newest_is_that_of_whoever_pushed_last_and_may_be_seen() -> None:
    async with pushing() as (hub, _, pushes):
        assert pushes.newest(lambda _: True) is None
        for number, source in enumerate(["a", "b", "a", "c"]):
            await pushes.take(publication(number, source), EVERY)
        assert shown(pushes.newest(lambda _: True)) == jpeg(3)
        assert shown(pushes.newest(Streams(("tab:a", "tab:b")).allows)) == jpeg(2)
        assert pushes.newest(Streams(("page:x",)).allows) is None
        await hub.remove("tab:c")
        assert shown(pushes.newest(lambda _: True)) == jpeg(2)


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"<!doctype html>", BadPicture), (image("gif"), BadPicture), (jpeg()[:200], BadPicture), (b"\xff" * 100_001, TooLarge)],
)
async def test_what_is_no_picture_makes_no_stream(data: bytes, error: type[Exception]) -> None:
    async with pushing() as (hub, _, pushes):
        with pytest.raises(error):
            await pushes.take(publication(data=data), EVERY)
        assert hub.all() == []


async def test_a_token_feeds_the_streams_that_it_is_bound_to() -> None:
    bound = Rights(ALL_ROLES, Streams(("tab:ada*",)))
    async with pushing() as (hub, _, pushes):
        await pushes.take(publication(1, "ada-3"), bound)
        for source in ("bob", None):
            with pytest.raises(Forbidden):
                await pushes.take(publication(1, source), bound)
        assert [str(one.id) for one in hub.all()] == ["tab:ada-3"]


async def test_nobody_pushes_into_what_somebody_else_shows() -> None:
    async with pushing() as (hub, producers, pushes):
        hub.add(StreamId.parse("tab:chrome"), None, title="a tab of the running Chrome")
        with pytest.raises(NameTaken):
            await pushes.take(publication(1, "chrome"), EVERY)
        await pushes.take(publication(1, "ada"), EVERY)
        with producers.feeding(StreamId.parse("tab:ada"), "Ada", remote=RemoteSource()) as stream:
            assert (stream.cadence, stream.can_close, pushes.newest(lambda _: True)) == (None, False, None)
            with pytest.raises(NameTaken):
                await pushes.take(publication(2, "ada"), EVERY)
        assert stream.state is State.RECONNECTING
        assert await pushes.take(publication(3, "ada"), EVERY) is stream  # the connection broke, and requests go on
        assert (stream.state, shown(stream)) == (State.LIVE, jpeg(3))


async def test_a_source_may_be_fast_for_a_while_and_is_then_told_when_to_go_on() -> None:
    async with pushing(per_second=5.0) as (_, _, pushes):
        for number in range(int(5 * BURST)):
            await pushes.take(publication(number, "fast"), EVERY)
        with pytest.raises(TooFast) as refused:
            await pushes.take(publication(99, "fast"), EVERY)
        assert refused.value.retry_after == 1
        assert "LIVEPANE_PUBLISH_PER_SECOND" in refused.value.message
        await pushes.take(publication(1, "another"), EVERY)


async def test_an_address_has_a_limit_for_all_its_sources_also_for_what_is_no_picture() -> None:
    async with pushing(per_second_of_address=2.0) as (_, _, pushes):
        for _ in range(int(2 * BURST)):
            pushes.admit("2001:db8::1")
        with pytest.raises(TooFast):
            pushes.admit("2001:db8::2")  # one machine has all of these
        pushes.admit("192.0.2.1")


def test_a_bucket_fills_again_and_does_not_overflow() -> None:
    bucket = Bucket(10.0)
    assert [bucket.take(100.0) for _ in range(20)] == [0.0] * 20
    assert bucket.take(100.0) == pytest.approx(0.1)
    assert bucket.take(100.11) == 0.0
    assert bucket.take(1000.0) == 0.0
    assert sum(bucket.take(1000.0) == 0.0 for _ in range(100)) == 19


def test_a_slow_bucket_still_takes_one() -> None:
    bucket = Bucket(0.1)
    assert bucket.take(100.0) == 0.0
    assert bucket.take(100.0) == pytest.approx(10)


@pytest.mark.parametrize("off", [0, -3600, 3600, 10**9])
def test_a_clock_that_is_off_makes_no_picture_older_or_younger(off: int) -> None:
    skew, now = Skew(), 1_700_000_000 * SECOND
    assert skew.ours(now, now + off * SECOND) == now
    late = now + 3 * SECOND  # the next one was taken a second later, and was on its way for two
    assert skew.ours(late, now + (off + 1) * SECOND) == late - 2 * SECOND


def test_a_clock_that_is_set_meanwhile_is_believed_anew() -> None:
    skew, now = Skew(), 1_700_000_000 * SECOND
    assert skew.ours(now, now) == now
    for later in range(1, 5):
        then = now + later * SECOND
        assert skew.ours(then, then - 3600 * SECOND) == then
    assert skew.ours(now + 9 * SECOND, now + 9 * SECOND) == now + 9 * SECOND


async def test_a_picture_of_an_hour_ago_by_a_wrong_clock_is_of_now() -> None:
    async with pushing() as (_, _, pushes):
        for off in (-3600, 3600):
            stream = await pushes.take(publication(1, str(off), taken_at=time.time_ns() + off * SECOND), EVERY)
            frame = stream.newest()
            assert frame is not None
            assert abs(frame.picture.captured_at - time.time_ns()) < 60 * SECOND


async def test_there_are_so_many_sources_and_a_quiet_one_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async with pushing(sources=2) as (hub, _, pushes):
        await pushes.take(publication(1, "a"), EVERY)
        await pushes.take(publication(1, "b"), EVERY)
        with pytest.raises(NoRoom, match="LIVEPANE_MAX_PUSHED") as full:
            await pushes.take(publication(1, "c"), EVERY)
        assert 0 < full.value.retry_after <= 30
        later(monkeypatch, lambda now: now + 3000)
        watched = hub.get("tab:a")
        with watched.subscribe():
            await pushes.take(publication(1, "c"), EVERY)
        assert sorted(str(one.id) for one in hub.all()) == ["tab:a", "tab:c"]


async def test_who_names_no_source_has_a_place_also_when_all_are_taken_by_others_that_came_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with pushing(sources=2) as (hub, _, pushes):
        for name in ("12:00", "12:01", None):
            await pushes.take(publication(1, name), EVERY)
        later(monkeypatch, lambda now: now + 31)  # not quiet by any measure, but neither has come again
        await pushes.take(publication(1, "12:02"), EVERY)
        assert sorted(str(one.id) for one in hub.all()) == ["tab:12:01", "tab:12:02", "tab:default"]


async def test_a_source_that_says_nothing_for_long_goes_from_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livepane.hub.hub._TICK", 0.01)
    async with pushing() as (hub, _, pushes):
        stream = await pushes.take(publication(1), EVERY)
        later(monkeypatch, lambda now: now + 3590)
        stream.refresh_state()
        assert (stream.state, hub.list()) == (State.RECONNECTING, [stream])
        with hub.changes() as changes:
            later(monkeypatch, lambda now: now + 3610)
            async with asyncio.timeout(PATIENCE):
                while hub.all():
                    await changes.take()
        assert stream.closed


def later(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], float]) -> None:
    """Let time pass for whoever asks for it by `time.monotonic`; the event loop does not."""
    real = _MONOTONIC
    monkeypatch.setattr("time.monotonic", lambda: clock(real()))


_MONOTONIC = time.monotonic
