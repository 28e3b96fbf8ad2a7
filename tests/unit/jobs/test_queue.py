"""The queue: who gets a job, what may happen to it, and that nobody writes who does not hold it."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing

import pytest
from sqlalchemy import select, update

from livepane.domain.errors import Conflict, LivepaneError, NotFound
from livepane.domain.job import MOVES, EventKind, Job, JobError, JobState, NewJob
from livepane.jobs.backoff import Backoff
from livepane.jobs.leases import MOST_LOSSES, Leases
from livepane.jobs.owner import is_dead, new_owner
from livepane.jobs.queue import Deleted, Queue
from livepane.store.tables import jobs
from tests.services.places import Place
from tests.serving import environment

AT_ONCE = Backoff(first=0, most=0)
BAD = JobError("http", "the answer is 500")


async def kinds(queue: Queue, job: int) -> list[str]:
    return [event.kind.value for event in await queue.journal.read(job)]


async def rewrite(queue: Queue, job: int, **values: object) -> None:
    """Bring a row to where it would come by itself after a while."""
    change = update(jobs).where(jobs.c.id == job).values(**values)
    await queue.database.write(lambda connection: connection.execute(change).rowcount)


async def test_jobs_are_claimed_by_priority_then_age_and_each_by_one_runner_only(queue: Queue, other: Queue) -> None:
    urgent = {7, 21}
    await queue.add([NewJob("k", str(n), priority=9 if n in urgent else 0) for n in range(60)])
    first = await Leases(queue).claim(4)
    assert [job.target for job in first] == ["7", "21", "0", "1"]
    runners = [Leases(one) for one in (queue, other, queue, other)]
    claims = await asyncio.gather(*(runner.claim(7) for runner in runners * 3))
    claimed = [job.id for claim in (first, *claims) for job in claim]
    assert sorted(claimed) == [job.id for job in reversed(await queue.find(limit=100))]
    assert await Leases(queue).claim(1) == []


@pytest.mark.parametrize("state", list(JobState))
async def test_nothing_moves_a_job_where_it_may_not_go(queue: Queue, state: JobState) -> None:
    job = (await queue.add([NewJob("k", "t")]))[0]
    lease = Leases(queue, AT_ONCE)

    async def do(name: str) -> None:
        held = await queue.get(job.id)
        match name:
            case "cancel":
                await queue.cancel(job.id)
            case "retry":
                await queue.retry(job.id)
            case "claim":
                await lease.claim(1)
            case "finish":
                await lease.finish(held, {})
            case "fail":
                await lease.fail(held, BAD, {}, retry=False)
            case "fail for now":
                await lease.fail(held, BAD, {}, retry=True)
            case "release":
                await lease.release(held)
            case "reap":
                await Leases(queue, AT_ONCE).reap()

    for name in ("cancel", "retry", "claim", "finish", "fail", "fail for now", "release", "reap"):
        ran_out = {"lease_owner": "elsewhere:1:1:x", "lease_until": 1} if name == "reap" else {}
        await rewrite(queue, job.id, state=state, attempt=1, cancel_requested_at=None, **ran_out)
        try:
            await do(name)
        except LivepaneError as error:
            assert isinstance(error, Conflict)  # noqa: PT017 - refusing is as good as leaving it alone
        after = (await queue.get(job.id)).state
        assert after is state or after in MOVES[state], f"{name}: {state} became {after}"


async def test_a_runner_that_lost_its_job_writes_nothing_any_more(queue: Queue, other: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t")])
    slow, quick = Leases(queue, AT_ONCE), Leases(other, AT_ONCE)
    [mine] = await slow.claim(1)
    await rewrite(queue, job.id, lease_until=queue.database.clock.now() - 1)  # it slept through its lease
    assert [one.state for one in await quick.reap()] == [JobState.RETRYING]
    [theirs] = await quick.claim(1)
    assert theirs.fence > mine.fence
    assert not (await slow.look([mine]))[job.id].held
    assert not (await slow.beat([mine]))[job.id].held
    before = await queue.journal.read(job.id)
    queue.journal.write(mine, EventKind.ITEM, {"number": 1, "item": {"old": True}}, items=1)
    await queue.journal.flush()
    assert await slow.finish(mine, {}) is None
    assert await slow.fail(mine, BAD, {}, retry=True) is None
    assert await slow.release(mine) is None
    assert await queue.journal.read(job.id) == before
    assert await queue.get(job.id) == theirs
    other.journal.write(theirs, EventKind.ITEM, {"number": 1, "item": {"new": True}}, items=1)
    done = await quick.finish(theirs, {"pages": 2})
    assert done is not None
    assert await queue.get(job.id) == done
    assert (done.state, done.items, done.attempt, done.summary) == (JobState.SUCCEEDED, 1, 1, {"pages": 2})


async def test_jobs_of_a_killed_process_are_taken_back_at_once_and_the_run_does_not_count(queue: Queue, place: Place) -> None:
    [job] = await queue.add([NewJob("k", "t", max_attempts=1)])
    code = (
        "import asyncio, sys; from livepane.settings import Settings; from livepane.store.db import Database, chosen;"
        "from livepane.jobs.queue import Queue; from livepane.jobs.leases import Leases\n"
        "async def main():\n"
        "    claimed = await Leases(Queue(Database(chosen(Settings())))).claim(9)\n"
        "    print(len(claimed), flush=True); sys.stdin.read()\n"
        "asyncio.run(main())"
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment(place.folder, **place.env), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"1\n"
    running = await queue.get(job.id)
    assert running.lease_owner is not None
    assert not is_dead(running.lease_owner)
    lease = Leases(queue, AT_ONCE)
    assert await lease.reap() == []  # it lives, and its lease has just begun
    process.kill()
    await process.wait()
    [back] = await lease.reap()
    assert (back.state, back.attempt) == (JobState.RETRYING, 0)
    [again] = await lease.claim(1)
    assert (again.id, again.attempt) == (job.id, 1)
    assert await kinds(queue, job.id) == ["queued", "started", "retrying", "started"]


async def test_a_job_that_takes_its_server_down_every_time_is_given_up(queue: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t")])
    lease = Leases(queue, AT_ONCE)
    for _ in range(MOST_LOSSES + 1):
        await lease.claim(1)
        await rewrite(queue, job.id, lease_owner="elsewhere:1:1:x", lease_until=1)
        await lease.reap()
    ended = await queue.get(job.id)
    assert (ended.state, ended.error and ended.error.code) == (JobState.FAILED, "failed")
    assert "ended without a word" in str(ended.error)


async def test_an_owner_is_dead_when_its_process_number_belongs_to_another_one_now() -> None:
    where, pid, started, rest = new_owner().split(":")
    assert not is_dead(f"{where}:{pid}:{started}:{rest}")
    assert is_dead(f"{where}:{pid}:{int(started) - 1}:{rest}")
    assert not is_dead(f"elsewhere:{pid}:{int(started) - 1}:{rest}")  # another machine's: its lease decides


async def test_a_failure_that_may_pass_is_tried_again_until_no_attempt_is_left(queue: Queue) -> None:
    [job] = await queue.add([NewJob("k", "t", max_attempts=2)])
    lease = Leases(queue, Backoff(first=100, most=1000))
    [first] = await lease.claim(1)
    waiting = await lease.fail(first, BAD, {}, retry=True)
    assert waiting is not None
    assert (waiting.state, waiting.error) == (JobState.RETRYING, BAD)
    assert 49_000 <= waiting.run_after - queue.database.clock.now() <= 100_000
    assert await lease.claim(1) == []  # not yet
    assert (await queue.retry(job.id)).state is JobState.QUEUED  # somebody does not want to wait
    for _ in range(2):
        [again] = await lease.claim(1)
        await lease.fail(again, BAD, {}, retry=True)
        await rewrite(queue, job.id, run_after=0)
    assert (await queue.get(job.id)).state is JobState.FAILED
    assert await lease.claim(1) == []


async def test_whoever_cancels_while_a_runner_gives_a_job_back_has_cancelled_it(queue: Queue) -> None:
    lease = Leases(queue, AT_ONCE)
    ways = [lambda job: lease.fail(job, BAD, {}, retry=True), lease.release]
    for give_back in ways:
        [job] = await queue.add([NewJob("k", "t")])
        [held] = await lease.claim(1)
        assert (await queue.cancel(job.id)).state is JobState.RUNNING
        assert (await lease.look([held]))[job.id].cancel
        ended = await give_back(held)
        assert ended is not None
        assert (ended.state, ended.error) == (JobState.CANCELLED, None)
    [job] = await queue.add([NewJob("k", "t")])
    await lease.claim(1)
    await queue.cancel(job.id)
    await lease.release_all()
    assert (await queue.get(job.id)).state is JobState.CANCELLED
    assert await lease.claim(9) == []


async def test_a_group_is_cancelled_together_and_nothing_else_is(queue: Queue) -> None:
    await queue.add([NewJob("k", str(n), group="a" if n < 3 else "b") for n in range(5)])
    [running] = await Leases(queue).claim(1)
    cancelled = await queue.cancel_group("a")
    assert [(job.id, job.state) for job in cancelled] == [
        (running.id, JobState.RUNNING),
        (2, JobState.CANCELLED),
        (3, JobState.CANCELLED),
    ]
    assert cancelled[0].cancel_requested_at is not None
    assert await queue.counts() == {JobState.RUNNING: 1, JobState.CANCELLED: 2, JobState.QUEUED: 2}


async def test_jobs_are_found_by_what_they_are_and_removed_when_they_are_over(queue: Queue) -> None:
    await queue.add([NewJob("a", "https://x.example/50%"), NewJob("b", "https://y.example/50_", group="g"), NewJob("b", "z")])
    assert [job.id for job in await queue.find(text="50%")] == [1]  # no pattern
    assert [job.id for job in await queue.find(kinds=["b"], before=3)] == [2]
    assert [job.id for job in await queue.find(group="g")] == [2]
    with pytest.raises(Conflict, match="cancel it first"):
        await queue.delete(3)
    await queue.cancel(3)
    assert [job.id for job in await queue.find(states=[JobState.CANCELLED])] == [3]
    await queue.delete(3)
    for gone in (queue.get(3), queue.delete(3), queue.cancel(3), queue.retry(3), queue.reprioritise(3, 1)):
        with pytest.raises(NotFound, match="job 3"):
            await gone
    assert await queue.journal.read(3) == []
    [next_one] = await queue.add([NewJob("a", "t")])
    assert next_one.id == 4  # the number of a deleted job is not given again
    await queue.cancel(4)
    await queue.cancel(1)
    assert await queue.prune(0, most=1) == 1  # the oldest of those that are over
    assert await queue.prune(queue.database.clock.now() + 1, most=9) == 1
    assert [job.id for job in await queue.find()] == [2]  # what waits is never removed


async def test_who_follows_the_queue_sees_what_is_alive_then_every_change_and_what_is_deleted(queue: Queue) -> None:
    await queue.add([NewJob("k", "over"), NewJob("k", "waits")])
    await queue.cancel(1)
    async with aclosing(queue.follow()) as changes:
        first = await anext(changes)
        assert isinstance(first, Job)
        assert first.target == "waits"
        await queue.reprioritise(2, 5)
        changed = await anext(changes)
        assert isinstance(changed, Job)
        assert (changed.id, changed.priority) == (2, 5)
        await queue.delete(1)
        assert await anext(changes) == Deleted(1)


async def test_of_changes_that_share_a_transaction_one_that_fails_takes_no_other_with_it(queue: Queue) -> None:
    def clash(connection: object) -> None:
        raise RuntimeError("its own fault")

    async def add(n: int) -> list[Job]:
        return await queue.add([NewJob("k", str(n))])

    made = await asyncio.gather(*(queue.database.write(clash) if n == 3 else add(n) for n in range(8)), return_exceptions=True)
    assert [n for n, one in enumerate(made) if isinstance(one, Exception)] == [3]
    async with queue.database.reading() as connection:
        targets = [row.target for row in await connection.execute(select(jobs.c.target).order_by(jobs.c.id))]
    assert targets == ["0", "1", "2", "4", "5", "6", "7"]


async def test_an_end_that_cannot_be_written_takes_no_other_with_it(queue: Queue) -> None:
    await queue.add([NewJob("toy", f"{number}") for number in range(3)])
    leases = Leases(queue)
    first, second, third = await leases.claim(3)
    half = JobError("failed", "half of a character: \ud83d")
    ends = (leases.finish(first, {}), leases.fail(second, half, {}, retry=False), leases.finish(third, {}))
    done, failed, other = await asyncio.gather(*ends, return_exceptions=True)
    assert isinstance(failed, UnicodeEncodeError)
    assert [one.state for one in (done, other) if isinstance(one, Job)] == [JobState.SUCCEEDED] * 2
    assert (await queue.get(second.id)).state is JobState.RUNNING, "for its runner to end in other words"


async def test_text_that_no_page_should_have_is_kept_and_found(queue: Queue) -> None:
    strange = "nul \0, emoji \N{GRINNING FACE}, 100 %, \\u0000"
    [job] = await queue.add([NewJob("k", strange, options={"text": strange})])
    found = await queue.get(job.id)
    assert found.options == {"text": strange}
    assert found.target in (strange, strange.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    assert await queue.find(text=strange) == [found]
