"""Celery between servers and workers. `livepane worker` starts it; its own tools say `celery -A livepane.jobs.celery_app …`.

A message is the number of a job and the name of its database, and is acknowledged before the job begins: who does it, how it
ends, and what is lost on the way stands in the database.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Task, signals

from livepane import log as logs
from livepane.domain.errors import LivepaneError, Unavailable
from livepane.jobs import plugins
from livepane.jobs.celery_carrier import TASK, CeleryCarrier, OneLine, celery_of, lane_of, without_passwords
from livepane.jobs.celery_child import TRY_AGAIN, Child
from livepane.jobs.dispatch import Message
from livepane.settings import Settings
from livepane.store.db import chosen, prepare

log = logging.getLogger(__name__)

HOLD = 1.0  # seconds that a job of others stays with us, so that it does not go round and round
WARN_EVERY = 60.0  # seconds between two warnings of such jobs, of each process

settings = Settings()
app = celery_of(settings)
_warned_at = -WARN_EVERY  # monotonic seconds
_child: Child | None = None  # in a process of the pool
_pipe: tuple[int, int] | None = None  # from the worker to those: its end of file says that the worker leaves


def run(task: Task, number: int, of: str | None = None) -> None:
    """Run a job to its end; one that is over at once may end a little later. `of`: the database that it stands in."""
    message = Message(number, lane_of(task.request.delivery_info), of)
    if _child is not None and not _child.do(message):
        _pass_on(message)


app.task(name=TASK, bind=True)(run)


def _pass_on(message: Message) -> None:
    """Back to the queue with it, for a worker that has its database."""
    global _warned_at
    if time.monotonic() - _warned_at > WARN_EVERY:
        _warned_at = time.monotonic()
        log.warning(
            "job %d stands in another database than %s, and goes back to the queue: either DATABASE_URL here is not that of the "
            "server, or another installation uses the same broker, and needs another number at the end of CELERY_BROKER_URL",
            message.number,
            chosen(settings).where,
        )
    time.sleep(HOLD)
    try:
        CeleryCarrier(settings).send([message])
    except Unavailable as error:
        log.warning("%s", error.message)  # a server sends it in a while


def start(processes: int, say: Callable[[str], None]) -> int:
    """Be a worker with so many processes until SIGTERM or Ctrl-C; its exit code."""
    name = settings.node or socket.gethostname()
    worker = app.Worker(hostname=f"livepane@{name}-{os.getpid()}", pool="prefork", concurrency=processes, quiet=True)
    told_by = without_passwords(app.conf.broker_read_url)
    where = chosen(settings).where
    say(f"livepane worker {worker.hostname} runs jobs of {where} that {told_by} tells, {processes} at a time")
    if not settings.database_url:
        log.warning("without DATABASE_URL jobs are those of servers with the data folder %s on this machine", settings.data_dir)
    worker.start()
    return int(worker.exitcode or 0)


def _configure_logs(**_: Any) -> None:
    logs.configure(settings.log_level, settings.log_format)
    for name in ("celery.worker.strategy", "celery.app.trace"):  # two lines for each job, beside ours
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("celery.worker.consumer.consumer").addFilter(OneLine())


def _begin(**_: Any) -> None:
    global _pipe
    _pipe = os.pipe()
    try:
        prepare(chosen(settings))
        plugins.load([])  # once for all processes of the pool
    except LivepaneError as error:
        log.warning("%s", error.message)


def _begin_child(**_: Any) -> None:
    global _child
    reading, writing = _pipe or os.pipe()
    if _pipe is not None:
        os.close(writing)  # only the worker's own keeps it open
    _child = Child(settings, reading, _replace)
    _child.start()
    # Whoever ends a service may ask each of its processes (systemd does): Celery would have this one die with its job.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=_leave_alone, daemon=True).start())


def _replace() -> None:
    """Celery starts another one in our place."""
    time.sleep(TRY_AGAIN)  # which may meet the same trouble
    os._exit(1)


def _leave_alone() -> None:
    _end_child()
    os._exit(0)


def _leave(**_: Any) -> None:
    global _pipe
    if _pipe is not None:
        os.close(_pipe[1])
        _pipe = None


def _end_child(**_: Any) -> None:
    if _child is None:
        return
    _child.end()
    undone, _child.undone = _child.undone, []
    if undone:
        try:
            CeleryCarrier(settings).send(undone)  # for those who stay
        except Unavailable as error:
            log.warning("%s", error.message)  # a server sends them in a while


signals.setup_logging.connect(_configure_logs)
signals.worker_init.connect(_begin)
signals.worker_process_init.connect(_begin_child)
signals.worker_shutting_down.connect(_leave)
signals.worker_process_shutdown.connect(_end_child)
