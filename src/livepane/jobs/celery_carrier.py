"""Numbers of jobs on their way to workers, by Celery: how it is set up, and the sender's side."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from celery import Celery
from kombu import Queue
from kombu.exceptions import ChannelError, OperationalError
from kombu.utils.url import maybe_sanitize_url
from redis.exceptions import RedisError

from livepane.domain.errors import Unavailable
from livepane.domain.service_urls import as_redis
from livepane.jobs.dispatch import Lane, Message
from livepane.settings import Settings

TASK = "livepane.run"
LARGEST_CHILD = 1_000_000  # KiB: one that has taken more is replaced after its job
CONNECT_WITHIN, ANSWER_WITHIN = 3.0, 5.0  # seconds that a server waits for the broker

_CONFIGURATION: dict[str, Any] = {
    "task_queues": [Queue(f"jobs.{lane}") for lane in Lane],
    "task_default_queue": f"jobs.{Lane.DEFAULT}",
    "task_create_missing_queues": False,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,  # a message that waits in a busy worker helps nobody
    "worker_send_task_events": False,  # a third of what a worker can do; Flower asks for them while it runs
    "worker_max_memory_per_child": LARGEST_CHILD,
    "worker_hijack_root_logger": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_proc_alive_timeout": 60.0,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
}


class ByLane:
    """In which order kombu asks the queues of Redis: always from the highest lane on. Its own ways are fair, or alphabetical."""

    def __init__(self) -> None:
        self._queues: list[str] = []

    def update(self, queues: Sequence[str]) -> None:
        """Called by kombu."""
        order = {f"jobs.{lane}": place for place, lane in enumerate(Lane)}
        self._queues = sorted(queues, key=lambda name: order.get(name, len(order)))

    def consume(self, count: int) -> list[str]:
        """Called by kombu."""
        return self._queues[:count]

    def rotate(self, last_used: str) -> str:
        """Called by kombu."""
        return last_used


def celery_of(settings: Settings, **transport: Any) -> Celery:
    """A Celery with our configuration. `transport`: more options for the connection with the broker."""
    app = Celery("livepane", set_as_current=False)
    broker, results = settings.celery_broker_url, settings.celery_result_backend
    address = as_redis(broker.get_secret_value()) if broker is not None else None
    app.conf.update(
        _CONFIGURATION,
        broker_url=address,
        broker_read_url=address,  # instead of broker_url Celery reads CELERY_BROKER_URL, even if ours is named otherwise
        broker_write_url=address,
        result_backend=as_redis(results.get_secret_value()) if results is not None else None,
        task_ignore_result=results is None,
        broker_transport_options={"queue_order_strategy": f"{__name__}:{ByLane.__name__}", **transport},
    )
    return app


class CeleryCarrier:
    """Sends messages for workers; a `Carrier`."""

    def __init__(self, settings: Settings) -> None:
        # One try with each address: else the client waits and tries again, also with a wrong password.
        url = settings.celery_broker_url.get_secret_value() if settings.celery_broker_url is not None else ""
        tries = url.count(";") + 1
        self._app = celery_of(
            settings, socket_connect_timeout=CONNECT_WITHIN, socket_timeout=ANSWER_WITHIN, max_retries=tries, interval_start=0
        )
        self.address = without_passwords(self._app.conf.broker_write_url)

    def send(self, messages: Sequence[Message]) -> None:
        """Carrier: send them."""
        try:
            with self._app.producer_pool.acquire(block=True, timeout=ANSWER_WITHIN) as producer:
                for number, lane, of in messages:
                    self._app.send_task(TASK, (number, of), queue=f"jobs.{lane}", producer=producer, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            raise self._away(error) from None

    def waiting(self) -> int:
        """Carrier: how many nobody has taken yet."""
        try:
            with self._app.connection_for_write(transport_options=self._app.conf.broker_transport_options) as connection:
                return sum(_length(connection.default_channel, f"jobs.{lane}") for lane in Lane)
        except (OperationalError, RedisError, OSError) as error:
            raise self._away(error) from None

    def _away(self, error: Exception) -> Unavailable:
        said = one_line(error)
        return Unavailable(f"the broker {self.address} cannot be used: {said}. Look at it, and at CELERY_BROKER_URL.")


def without_passwords(url: str) -> str:
    """The address of a broker, or of several sentinels with `;` between them, for people."""
    return ";".join(maybe_sanitize_url(one) for one in url.split(";"))


def one_line(error: BaseException) -> str:
    """What a broker or its client says, as a part of a sentence."""
    return str(error).partition("\n")[0][:200].rstrip(". ") or type(error).__name__


class OneLine(logging.Filter):
    """A line of Celery's as one line, with one dot at the end of a sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Called by logging. The template stays one: by it a flood of the same is known."""
        record.msg = " ".join(str(record.msg).split())
        if isinstance(record.args, tuple):
            record.args = tuple(one_line(one) if isinstance(one, BaseException) else one for one in record.args)
        return True


def lane_of(delivery: Mapping[str, Any] | None) -> Lane:
    """Where a message waited, by what Celery says of its way."""
    queue = str((delivery or {}).get("routing_key", ""))
    return next((lane for lane in Lane if queue == f"jobs.{lane}"), Lane.DEFAULT)


def _length(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:  # Redis has no empty queues
        return 0
