"""Which engine runs the jobs: half a wish is refused with the names, and a broker's password is shown to nobody."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from livepane import cpu
from livepane.cli import app
from livepane.commands.worker import processes
from livepane.domain.errors import Unavailable
from livepane.jobs.celery_carrier import CeleryCarrier, OneLine, without_passwords
from livepane.jobs.dispatch import Lane, Message
from livepane.settings import Settings

REFUSED = {
    "JOBS_ENGINE = 'celery' needs a CELERY_BROKER_URL": {"JOBS_ENGINE": "celery"},
    "CELERY_BROKER_URL begins with 'http'": {"JOBS_ENGINE": "celery", "CELERY_BROKER_URL": "http://127.0.0.1/0"},
    "LIVEPANE_JOBS_ENGINE": {"LIVEPANE_JOBS_ENGINE": "rq"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_worker_that_cannot_be_says_which_setting_is_wrong(words: str) -> None:
    said = CliRunner().invoke(app, ["worker"], env=REFUSED[words])
    assert said.exit_code == 2
    assert words in said.stderr


def test_a_worker_has_no_more_browsers_than_its_container_has_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text("150000 100000\n")
    monkeypatch.setattr(cpu, "_QUOTA", quota)
    assert processes(Settings()) == 1
    assert processes(Settings(worker_concurrency=3)) == 3


def test_valkey_is_spoken_to_as_redis_is() -> None:
    for given, used in {"valkey://:p@a:1/2": "redis://:**@a:1/2", "valkeys://a:1/0": "rediss://a:1/0"}.items():
        assert CeleryCarrier(Settings(jobs_engine="celery", celery_broker_url=given)).address == used


def test_what_celery_says_of_a_lost_broker_is_one_line() -> None:
    from celery.worker.consumer.consumer import CONNECTION_ERROR

    values = ("redis://h", OSError("Connection refused."), "Trying again in 2.00 seconds... (1/0)")
    record = logging.LogRecord("celery", logging.ERROR, "", 0, CONNECTION_ERROR, values, None)
    assert OneLine().filter(record)
    assert record.getMessage() == (
        "consumer: Cannot connect to redis://h: Connection refused. Trying again in 2.00 seconds... (1/0)"
    )


def test_a_broker_that_is_away_is_named_without_its_password() -> None:
    settings = Settings(jobs_engine="celery", celery_broker_url="redis://:a-pass-word@127.0.0.1:1/0")
    assert "a-pass-word" not in repr(settings)
    with pytest.raises(Unavailable, match=r"the broker redis://.*127\.0\.0\.1:1/0 cannot be used") as refused:
        CeleryCarrier(settings).send([Message(1, Lane.HIGH, None)])
    assert "a-pass-word" not in refused.value.message
    several = without_passwords("sentinel://:a-pass-word@a:26379/0;sentinel://:a-pass-word@b:26379/0")
    assert several == "sentinel://:**@a:26379/0;sentinel://:**@b:26379/0"
