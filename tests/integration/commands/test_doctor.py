"""`livepane doctor` in a process of its own: with a real Chromium, a real screen, and what can be wrong with them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.forking.child import run
from tests.serving import Server, environment, server, start_server

__all__ = ["server", "start_server"]

Findings = dict[str, list[dict[str, Any]]]


def doctor(folder: Path, *options: str, code: int = 0, **changes: str | None) -> Findings:
    """What it found, by name."""
    done = run("doctor", "--json", *options, env=environment(folder, **changes))
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert said["ok"] == (code == 0)
    found: Findings = {}
    for finding in said["findings"]:
        found.setdefault(finding["name"], []).append(finding)
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def port() -> str:
    return str(free_port())


def test_where_everything_works_it_says_so_and_has_taken_pictures(tmp_path: Path, port: str, x_display: str) -> None:
    found = doctor(tmp_path / "new", "--port", port, LIVEPANE_DISPLAY=x_display)
    levels = {name: {one["level"] for one in several} for name, several in found.items()}
    assert levels.pop("sandbox") == ({"warning"} if os.geteuid() == 0 else {"ok"})
    assert set.union(*levels.values()) == {"ok"}, found
    assert found["browser"][0]["says"].startswith("Chrome/")
    assert "a picture of 1280 x 720" in found["page"][0]["says"]
    assert "a picture of" in found["display"][0]["says"]
    assert "free" in found[f"port {port}"][0]["says"]
    assert not (tmp_path / "new").exists(), "it has made something"


def test_a_browser_that_is_not_there_is_a_problem_with_a_mend(tmp_path: Path, port: str) -> None:
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_BROWSER="/nowhere/chromium")
    assert found["browser"][0]["level"] == "problem"
    assert "/nowhere/chromium" in found["browser"][0]["says"]
    assert "LIVEPANE_BROWSER" in found["browser"][0]["mend"]


def test_a_browser_that_ends_at_once_is_a_problem(tmp_path: Path, port: str) -> None:
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_BROWSER="/bin/false")
    assert "ended at once" in found["browser"][0]["says"]
    assert "page" not in found


def test_wrong_settings_and_misspelt_variables_are_named(tmp_path: Path, port: str) -> None:
    found = doctor(
        tmp_path, "--port", port, code=1, LIVEPANE_CAPTURE_CPU="80", LIVEPANE_CAPTUREFPS="20", LIVEPANE_BROWSER="/bin/false"
    )
    says = {one["says"]: one for one in found["settings"]}
    wrong = says["LIVEPANE_CAPTURE_CPU = '80' cannot be used: Input should be less than or equal to 1"]
    assert wrong["level"] == "problem"
    strange = says["LIVEPANE_CAPTUREFPS is set, and nothing reads it"]
    assert strange["level"] == "warning"
    assert strange["mend"] == "Did you mean LIVEPANE_CAPTURE_FPS?"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"LIVEPANE_TLS_CERT": "/nowhere/cert.pem", "LIVEPANE_TLS_KEY": "/nowhere/key.pem"}, "/nowhere/cert.pem"),
        ({"LIVEPANE_ADMIN_TOKEN_FILE": "/nowhere/token"}, "/nowhere/token"),
        ({"LIVEPANE_HOST": "0.0.0.0", "LIVEPANE_AUTH": "open"}, "LIVEPANE_AUTH=open"),
        ({"LIVEPANE_PLUGINS": "/nowhere/plugin.py"}, "/nowhere/plugin.py"),
        ({"LIVEPANE_CHROME_URL": "http://user:pw9@127.0.0.1:9222"}, "'http://…@127.0.0.1:9222'"),
    ],
)
def test_what_serve_refuses_the_doctor_calls_a_problem_in_the_same_words(
    tmp_path: Path, port: str, settings: dict[str, str], named: str
) -> None:
    refused = run("serve", "--port", port, env=environment(tmp_path, **settings))
    assert refused.returncode in (1, 2)
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_BROWSER="/bin/false", **settings)
    (problem,) = [one for one in found["settings"] if one["level"] == "problem"]
    assert named in problem["says"]
    assert refused.stderr.strip().endswith(f"livepane serve: {problem['says']}")
    assert not [one for one in found["settings"] if one["level"] == "ok"]


def test_a_display_that_is_not_there_is_a_problem(tmp_path: Path, port: str) -> None:
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_DISPLAY=":9876", LIVEPANE_BROWSER="/bin/false")
    assert found["display"][0]["level"] == "problem"
    assert ":9876" in found["display"][0]["says"]


def test_beside_its_own_running_server_all_is_well(server: Server) -> None:
    found = doctor(server.folder, "--port", str(server.port))
    assert str(server.process.pid) in found[f"port {server.port}"][0]["says"]
    assert found["data folder"][0]["level"] == "ok"
    assert "sound" in found["database"][0]["says"]


def test_a_port_of_another_program_is_a_problem_that_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        found = doctor(tmp_path, "--port", str(number), code=1, LIVEPANE_BROWSER="/bin/false")
    assert found[f"port {number}"][0]["level"] == "problem"
    assert f"process {os.getpid()}" in found[f"port {number}"][0]["says"]


def test_files_that_others_may_read_are_a_warning(tmp_path: Path, port: str) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "admin-token").write_text("secret")
    (tmp_path / "admin-token").chmod(0o644)
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_BROWSER="/bin/false")
    assert found["data folder"][0]["level"] == "warning"
    assert f"chmod 600 {tmp_path / 'admin-token'}" in found["data folder"][0]["mend"]


def test_a_broken_database_and_a_broker_that_is_away_are_problems(tmp_path: Path, port: str) -> None:
    (tmp_path / "livepane.db").write_bytes(b"nonsense" * 1000)
    named = {"JOBS_ENGINE": "celery", "CELERY_BROKER_URL": "redis://:a-pass-word@127.0.0.1:1/0"}
    found = doctor(tmp_path, "--port", port, code=1, LIVEPANE_BROWSER="/bin/false", **named)
    assert found["database"][0]["level"] == "problem"
    assert found["broker"][0]["level"] == "problem"
    assert "the broker redis://:**@127.0.0.1:1/0 cannot be used" in found["broker"][0]["says"]


def test_for_people_it_is_a_list_with_marks(tmp_path: Path, port: str) -> None:
    command = [sys.executable, "-W", "error", "-m", "livepane.cli", "doctor", "--port", port]
    changed = environment(tmp_path, LIVEPANE_BROWSER="/nowhere", COLUMNS="200", PYTHONIOENCODING="utf-8")
    done = subprocess.run(command, env=changed, capture_output=True, check=False)
    assert done.stderr == b""
    said = done.stdout.decode()
    assert done.returncode == 1
    assert f"✓ port {port}" in said
    assert "✗ browser" in said
    assert "1 problem" in said
