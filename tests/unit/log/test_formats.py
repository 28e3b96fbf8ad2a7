"""What a log line looks like, and what is never in one."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livepane.log.formats import Json, Text
from livepane.log.scrub import scrub

SECRET = "Q7-rWf0e_8sYk2mN5vB1xZ4cT6uH9jL3pD0aG7iEoUM"
TOKEN = f"lp_k3f9a1b2c3d4_{SECRET}"


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.getLogger("livepane.test").makeRecord(
        "livepane.test", logging.WARNING, __file__, 1, message, arguments, None, extra=extra or None
    )
    made.created = 1_795_262_400.125
    return made


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"GET /signin?token={SECRET} HTTP/1.1",
        f"/api/live?ticket={SECRET}&fps=3",
        f"session={SECRET}; Path=/",
        f"{{'token': '{SECRET}'}}",
        f'{{"access_token": "{SECRET}"}}',
        f'a quoted body: {{\\"token\\": \\"{SECRET}\\"}}',
        f"Authorization: Bearer {SECRET}",
        f"(b'cookie', b'livepane_8000={SECRET}')",
        f"Cookie: livepane={SECRET}",
        f"http://example.org/path?q={SECRET}#part could not be opened",
        f"http://user:{SECRET}@h:1 does not answer",
    ],
)
def test_no_secret_reaches_a_log(text: str) -> None:
    assert SECRET not in scrub(text)
    assert SECRET not in Text().format(record("%s", text))
    assert SECRET not in Json().format(record("%s", text, where=text, token=text))


@pytest.mark.parametrize("mark", ["\n", "\r", "\x1b[2J", "\u2028", "\u202e"])
def test_what_a_stranger_sends_neither_makes_a_line_of_its_own_nor_moves_the_terminal(mark: str) -> None:
    line = Text().format(record("GET %s 404", f"/nowhere{mark}12:00:00 INFO forged"))
    assert mark not in line
    assert len(line.splitlines()) == 1
    assert SECRET not in Text().format(record("%s", f"/nowhere{mark}{TOKEN}"))


def test_nor_does_one_in_a_traceback() -> None:
    try:
        raise ValueError(f"http://127.0.0.1/?token={SECRET}")
    except ValueError:
        failed = record("it failed")
        failed.exc_info = sys.exc_info()
    assert "ValueError: http://127.0.0.1/?…" in Text().format(failed)
    assert "ValueError: http://127.0.0.1/?…" in json.loads(Json().format(failed))["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "this needs a token: send it as Authorization: Bearer",
        "this needs a token: sign in at the address that `livepane serve` printed, or send the token as Authorization: Bearer",
        "http://127.0.0.1:8000/ cannot be reached",
        "12 sessions, 3 tickets; basic settings",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert scrub(text) == text


def test_a_json_line_has_time_level_logger_message_and_what_was_added() -> None:
    line = json.loads(Json().format(record("%s is gone", "page:k3f9", stream="page:k3f9", fps=2.5, path=float("nan"))))
    assert line == {
        "time": "2026-11-21T12:00:00.125Z",
        "level": "warning",
        "logger": "livepane.test",
        "message": "page:k3f9 is gone",
        "stream": "page:k3f9",
        "fps": 2.5,
        "path": "nan",
    }


@given(st.text(), st.text() | st.integers() | st.floats() | st.none() | st.binary() | st.lists(st.text()))
def test_whatever_is_logged_is_one_line_of_json(text: str, value: object) -> None:
    line = Json().format(record("%s", text, value=value))
    assert "\n" not in line
    assert set(json.loads(line)) >= {"time", "level", "logger", "message", "value"}
