"""What viewers get: the newest picture, each at most once, encoded once for all of them."""

from __future__ import annotations

import asyncio

import pytest

from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Picture
from livepane.hub.rendition import Encoded
from livepane.hub.subscription import Subscription
from tests.patience import PATIENCE
from tests.pictures import broken_inside, decoded, jpeg, picture, raw
from tests.unit.hub.sources import streaming

UNLIMITED = 1e6


async def take(pictures: Subscription) -> Encoded:
    async with asyncio.timeout(PATIENCE):
        return await pictures.next()


async def nothing_comes(pictures: Subscription) -> bool:
    try:
        async with asyncio.timeout(0.1):
            await pictures.next()
    except TimeoutError:
        return True
    return False


async def test_a_late_joiner_gets_the_last_frame_at_once() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe():
            stream.put(picture(1))
        with stream.subscribe() as late:
            assert (await take(late)).frame.picture.data == jpeg(1)


async def test_a_pushed_picture_goes_out_byte_for_byte() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe() as pictures:
            stream.put(picture(1))
            assert (await take(pictures)).frame.picture.data == jpeg(1)
            assert stream.encodes == 0


async def test_an_identical_picture_is_not_shown_again() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=UNLIMITED) as pictures:
            stream.put(picture(1))
            first = await take(pictures)
            stream.put(picture(1))
            assert await nothing_comes(pictures)
            stream.put(picture(2))
            second = await take(pictures)
            assert second.frame.order == (first.frame.epoch, first.frame.seq + 1)
            assert stream.captures == 3


async def test_a_slow_viewer_sees_the_newest_frame_and_the_rest_is_counted() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=UNLIMITED) as slow, stream.subscribe(fps=UNLIMITED) as fast:
            for number in range(1, 8):
                stream.put(picture(number))
                assert (await take(fast)).frame.picture.data == jpeg(number)
                if number == 1:
                    await take(slow)
            assert (await take(slow)).frame.picture.data == jpeg(7)
            assert (slow.sent, slow.dropped) == (2, 5)
            assert (fast.sent, fast.dropped) == (7, 0)
            assert fast.bytes == sum(len(jpeg(number)) for number in range(1, 8))


async def test_a_viewer_does_not_get_more_than_it_asked_for() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=0.1) as pictures:
            stream.put(picture(1))
            await take(pictures)
            stream.put(picture(2))
            assert await nothing_comes(pictures)
            pictures.update(fps=UNLIMITED)
            assert (await take(pictures)).frame.picture.data == jpeg(2)


async def test_asking_again_brings_the_newest_once_more() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=0.1) as pictures:
            stream.put(picture(1))
            first = await take(pictures)
            pictures.again()
            assert (await take(pictures)).frame.order == first.frame.order
            assert await nothing_comes(pictures)


async def test_each_rendition_is_encoded_once_for_all_its_viewers_and_its_cpu_is_counted() -> None:
    small = RenditionSpec(width=32, height=32)
    async with streaming() as (hub, stream, _):
        stream.put(picture(1))
        subscribed = [stream.subscribe(small, UNLIMITED) for _ in range(20)]
        viewers = [one.__enter__() for one in subscribed]
        try:
            taken = await asyncio.gather(*map(take, viewers))
            assert stream.encodes == 1
            assert hub.ledger.encode_cpu_ns > 0
            assert len({id(one) for one in taken}) == 1
            assert len({viewer.channel for viewer in viewers}) == 1
            assert decoded(taken[0].frame.picture.data).size == (32, 24)
        finally:
            for one in subscribed:
                one.__exit__(None, None, None)


async def test_a_message_is_built_once_for_all_viewers_of_a_rendition() -> None:
    built: list[int] = []

    def form(encoded: Encoded) -> bytes:
        built.append(encoded.frame.seq)
        return encoded.frame.picture.data

    async with streaming() as (_, stream, _):
        stream.put(picture(1))
        with stream.subscribe() as one, stream.subscribe() as other:
            assert (await take(one)).form(form) is (await take(other)).form(form)
    assert len(built) == 1


async def test_viewers_of_different_renditions_have_different_channels() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(RenditionSpec(width=100)) as one, stream.subscribe(RenditionSpec(width=200)) as other:
            assert one.channel != other.channel


async def test_a_viewer_that_leaves_does_not_cancel_the_encode_that_others_wait_for() -> None:
    async with streaming() as (_, stream, _):
        spec = RenditionSpec(Encoding.PNG)
        with stream.subscribe(spec) as leaving, stream.subscribe(spec) as staying:
            stream.put(raw(10, 20, 30, 800, 600))
            first = asyncio.get_running_loop().create_task(leaving.next(), name="leaves")
            second = asyncio.get_running_loop().create_task(staying.next(), name="stays")
            await asyncio.sleep(0)  # both have asked
            first.cancel()
            async with asyncio.timeout(PATIENCE):
                assert (await second).frame.picture.encoding is Encoding.PNG
            assert first.cancelled()
            assert stream.encodes == 1


async def test_another_rendition_starts_with_the_newest_picture() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=0.1) as pictures:
            stream.put(picture(1))
            before = (await take(pictures)).channel
            pictures.update(spec=RenditionSpec(Encoding.WEBP))
            encoded = await take(pictures)
            assert encoded.frame.picture.encoding is Encoding.WEBP
            assert encoded.channel == pictures.channel != before


async def test_a_new_epoch_shows_even_the_same_picture_and_counts_from_one() -> None:
    async with streaming() as (_, stream, _):
        with stream.subscribe(fps=UNLIMITED) as pictures:
            stream.put(picture(1))
            stream.put(picture(2))
            before = (await take(pictures)).frame
            stream.new_epoch()
            stream.put(picture(2))
            after = (await take(pictures)).frame
            assert after.seq == 1
            assert after.order > before.order


async def test_epochs_grow_over_restarts_of_the_process() -> None:
    async with streaming() as (_, first, _):
        first.put(picture(1))
        before = first.newest()
    async with streaming() as (_, second, _):
        second.put(picture(1))
        after = second.newest()
    assert before is not None
    assert after is not None
    assert 0 < before.epoch <= after.epoch < 2**32


async def test_a_broken_picture_is_left_out_and_the_next_one_shown() -> None:
    broken = Picture(1, 64, 48, Encoding.JPEG, broken_inside(jpeg(1)))
    async with streaming() as (_, stream, _):
        with stream.subscribe(RenditionSpec(Encoding.PNG), UNLIMITED) as pictures:
            stream.put(broken)
            assert await nothing_comes(pictures)
            stream.put(picture(2))
            assert (await take(pictures)).frame.seq == 2


async def test_a_good_picture_that_comes_while_a_broken_one_is_decoded_is_shown() -> None:
    broken = Picture(1, 64, 48, Encoding.JPEG, broken_inside(jpeg(1)))
    async with streaming() as (_, stream, _):
        spec = RenditionSpec(Encoding.PNG)
        with stream.subscribe(spec, UNLIMITED) as early, stream.subscribe(spec, UNLIMITED) as late:
            stream.put(broken)
            waiting = asyncio.get_running_loop().create_task(early.next(), name="early")
            await asyncio.sleep(0)  # it has asked
            stream.put(picture(2))  # and then nothing changes any more
            assert (await take(late)).frame.seq == 2
            async with asyncio.timeout(PATIENCE):
                assert (await waiting).frame.seq == 2


async def test_a_removed_stream_wakes_its_viewers() -> None:
    async with streaming() as (hub, stream, source):
        with stream.subscribe() as pictures:
            waiting = asyncio.get_running_loop().create_task(pictures.next(), name="waits")
            await source.until(lambda one: one.starts)
            await hub.remove("page:toy")
            with pytest.raises(SourceGone, match="page:toy"):
                await waiting
        assert (source.stops, source.closes) == (1, 1)
