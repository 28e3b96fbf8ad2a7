"""`livepane config show` in a process of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from livepane.settings import Settings
from tests.forking.child import run
from tests.serving import environment


def config_show(folder: Path, *options: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    return run("config", "show", *options, env=environment(folder, **changes))


def settings_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(done.stdout)["settings"]}


def test_it_shows_every_setting_its_value_and_where_that_is_from(tmp_path: Path) -> None:
    done = config_show(
        tmp_path, "--json", "--port", "8080", "--port", "4000", LIVEPANE_CAPTURE_FPS="60", CORS_ORIGINS="http://a.example"
    )
    assert done.returncode == 0, done.stderr
    shown = settings_of(done)
    assert shown.keys() == Settings.model_fields.keys()
    assert all(one["meaning"] for one in shown.values())
    assert (shown["ports"]["value"], shown["ports"]["origin"]) == ("8080,4000", "--port")
    assert (shown["capture_fps"]["value"], shown["capture_fps"]["origin"]) == ("60.0", "LIVEPANE_CAPTURE_FPS")
    assert (shown["cors_origins"]["value"], shown["cors_origins"]["origin"]) == ("http://a.example", "CORS_ORIGINS")
    assert (shown["data_dir"]["value"], shown["data_dir"]["origin"]) == (str(tmp_path), "LIVEPANE_DATA_DIR")
    assert (shown["max_pages"]["value"], shown["max_pages"]["origin"]) == ("20", "default")


@pytest.mark.parametrize(
    ("name", "value"), [("LIVEPANE_CAPTURE_CPU", "2"), ("LIVEPANE_PORTS", "http"), ("LIVEPANE_LOG_FORMAT", "xml")]
)
def test_a_value_that_cannot_be_used_is_shown_with_the_reason(tmp_path: Path, name: str, value: str) -> None:
    done = config_show(tmp_path, "--json", **{name: value})
    assert done.returncode == 1
    wrong = [one for one in settings_of(done).values() if one["problem"]]
    assert [(one["origin"], one["value"]) for one in wrong] == [(name, value)]


def test_a_variable_that_nobody_reads_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    done = config_show(tmp_path, "--json", LIVEPANE_GRACE_SECOND="1", LIVEPANE_TOKEN="lp_secret")
    assert json.loads(done.stdout)["unknown"] == [{"name": "LIVEPANE_GRACE_SECOND", "meant": "LIVEPANE_GRACE_SECONDS"}]
    assert "lp_secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://127.0.0.1:9222/?token=hunter2hunter2", "http://127.0.0.1:9222/?…"),
        ("http://user:hunter2@127.0.0.1:9222", "http://…@127.0.0.1:9222"),
    ],
)
def test_a_secret_in_a_value_is_not_shown(tmp_path: Path, value: str, shown: str) -> None:
    done = config_show(tmp_path, LIVEPANE_CHROME_URL=value)
    assert done.returncode == 0
    assert shown in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
