"""A flood of the same trouble does not flood the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from livepane.log.calm import KINDS, NEWS, SPAN, TROUBLE, Calm


class Lines(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Log:
    """A logger behind a Calm, and a clock that the test turns."""

    def __init__(self, name: str) -> None:
        self.now = 0.0
        self.behind = Lines()
        self.calm = Calm(self.behind, lambda: self.now)
        self.logger = logging.getLogger(name)
        self.logger.handlers, self.logger.propagate = [self.calm], False
        self.logger.setLevel(logging.DEBUG)

    @property
    def lines(self) -> list[str]:
        return self.behind.lines


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    log = Log(f"test.calm.{request.node.name}")
    yield log
    log.calm.close()


def test_the_same_trouble_is_one_line_and_then_one_a_minute(log: Log) -> None:
    for _ in range(42):
        log.logger.warning("%s is no picture", "producer:bob")
    assert log.lines == ["producer:bob is no picture"]
    log.now = SPAN
    log.logger.warning("%s is no picture", "producer:bob")
    assert log.lines[1:] == ["… 41 more of these in the last 60 s: producer:bob is no picture"]
    log.now = 2 * SPAN
    log.logger.warning("%s is no picture", "producer:bob")
    assert log.lines[2:] == ["… 1 more of these in the last 60 s: producer:bob is no picture"]


def test_when_it_has_calmed_down_it_is_news_again(log: Log) -> None:
    for at in (0.0, SPAN + 1, 2 * SPAN + 2):
        log.now = at
        log.logger.warning("trouble")
    assert log.lines == ["trouble"] * 3


def test_different_troubles_of_one_kind_are_told_but_not_without_end(log: Log) -> None:
    for number in range(1000):
        log.logger.warning("%s: the page crashed", f"page:{number}")
    assert log.lines == [f"page:{number}: the page crashed" for number in range(TROUBLE)]


def test_values_in_the_template_make_no_other_kind(log: Log) -> None:
    for number in range(1000):
        log.logger.error(f"peer {number} at 0x{number:x} sent nonsense")  # noqa: G004 - as some libraries do
    assert len(log.lines) == TROUBLE


def test_news_is_told_until_it_is_a_flood(log: Log) -> None:
    for number in range(NEWS + 7):
        log.logger.info("%s %s", "POST", number)
    assert len(log.lines) == NEWS
    log.now = SPAN
    log.logger.info("something else")
    assert log.lines[NEWS:] == ["… 7 more of these in the last 60 s: POST 0", "something else"]


def test_who_debugs_sees_everything(log: Log) -> None:
    for _ in range(10 * NEWS):
        log.logger.debug("frame")
    assert len(log.lines) == 10 * NEWS


def test_kinds_without_end_are_forgotten(log: Log) -> None:
    for number in range(3 * KINDS):
        name = "".join(chr(97 + int(digit)) for digit in str(number))
        for _ in range(2):
            log.logger.warning(f"trouble {name}")  # noqa: G004 - as some libraries do
    assert log.lines.count("… 1 more of these in the last 0 s: trouble a") == 1
    assert len(log.calm._kinds) == KINDS


def test_what_was_left_out_is_told_at_the_end(log: Log) -> None:
    for _ in range(3):
        log.logger.warning("trouble")
    log.calm.close()
    assert log.lines == ["trouble", "… 2 more of these in the last 0 s: trouble"]
