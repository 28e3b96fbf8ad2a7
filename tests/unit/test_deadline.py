"""A limit in time holds whatever has happened to its task before."""

from __future__ import annotations

import asyncio

import pytest

from livepane.deadline import within


async def forever() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise ValueError


async def test_what_takes_too_long_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        async with within(0.01):
            await forever()


async def test_without_a_limit_it_may_take_its_time() -> None:
    async with within(None):
        await asyncio.sleep(0)


async def test_it_is_a_timeout_in_a_task_whose_task_group_has_failed() -> None:
    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())
    with pytest.raises(TimeoutError):
        async with within(0.01):
            await forever()


async def test_it_is_a_timeout_while_the_task_is_being_cancelled() -> None:
    seen: list[type[BaseException]] = []

    async def work() -> None:
        try:
            await forever()
        finally:
            try:
                async with within(0.01):
                    await forever()
            except BaseException as error:
                seen.append(type(error))

    task = asyncio.get_running_loop().create_task(work(), name="work")
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [TimeoutError]


async def test_a_cancellation_from_outside_stays_one() -> None:
    async def work() -> None:
        async with within(60):
            await forever()

    task = asyncio.get_running_loop().create_task(work(), name="work")
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
