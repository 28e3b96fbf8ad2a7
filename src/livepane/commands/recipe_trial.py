"""A recipe is tried on a server, a running one or one of its own, and every step of it is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from livepane.commands import job_words
from livepane.commands.job_server import JobServer
from livepane.discovery import locate, read_admin_token, read_server
from livepane.domain.errors import Unavailable

KIND = "recipe_try"
FAILED = 3  # exit code when a step did not work: 1 and 2 are for what went wrong with the command
START_WITHIN = 30.0  # s
LOOK_EVERY = 0.1  # s
WIDEST = 120  # characters of an address; --json has it whole
# What a server for this command alone must not take from the environment: it listens on loopback, on a free port.
_NOT_ITS_OWN = ("HOST", "PORT", "PORTS", "AUTH", "TLS_CERT", "TLS_KEY", "ROOT_PATH", "SERVER", "TOKEN", "TRUSTED_PROXIES")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried, and how it is told."""

    target: str
    options: Mapping[str, Any]
    as_json: bool = False
    open_pane: bool = False
    stay: bool = False


def run(trial: Trial, server: str | None, token: str | None) -> int:
    """Try it to its end, and give the exit code.

    Raises:
        LivepaneError: there is no server to be had, or it refuses.
    """
    if locate(server, token) is not None:
        with JobServer(server, token) as jobs:
            return _follow(jobs, trial)
    with _own_server() as (url, secret), JobServer(url, secret) as jobs:
        code = _follow(jobs, trial)
        if trial.stay:
            typer.echo("The pane stays until Ctrl-C.", err=True)
            while True:
                time.sleep(3600)
        return code


def _follow(jobs: JobServer, trial: Trial) -> int:
    (job,) = jobs.add({"kind": KIND, "target": trial.target, "options": trial.options, "max_attempts": 1})
    address = f"{jobs.url}/view/{job['stream']}"
    typer.echo(f"Watch it at {address}", err=True)
    if trial.open_pane:
        typer.launch(address)
    good = False
    try:
        for event in jobs.events(f"api/jobs/{job['id']}/events"):
            told = json.loads(event.data)
            if told["kind"] == "finished":
                good = told["data"].get("state") == "succeeded"
            if trial.as_json:
                typer.echo(event.data)
            elif line := _line(told):
                typer.echo(line)
    except KeyboardInterrupt:
        jobs.do("cancel", job["id"])
        raise
    return 0 if good else FAILED


def _line(told: Mapping[str, Any]) -> str:
    """What the job tells, for people: steps as they stand, items as what they would be fetched as."""
    data = told["data"]
    match told["kind"]:
        case "item":
            item = data["item"]
            first = item["candidates"][0]
            size = f", {first['width']}x{first['height']} px" if first["width"] and first["height"] else ""
            others = len(item["candidates"]) - 1
            more = f", or {others} other place{'' if others == 1 else 's'}" if others else ""
            name = f"{item['name']}: " if item["name"] else ""
            url = item["url"] if len(item["url"]) <= WIDEST else f"{item['url'][: WIDEST - 1]}…"
            return f"found  {job_words.plain(name)}{job_words.plain(url)} ({job_words.plain(item['rule'])}{size}{more})"
        case "action":
            selector = data.get("selector")
            return f"{job_words.plain(data['label'])}{f'   [{job_words.plain(selector)}]' if selector else ''}"
        case "warning":
            return f"warning: {job_words.plain(data['message'])}"
        case "finished":
            error = data.get("error")
            said = f": {error['code']}: {error['message']}" if isinstance(error, Mapping) else ""
            return f"{data.get('state', 'finished')}, {data.get('items', 0)} items{job_words.plain(said)}"
        case _:
            return ""


@contextmanager
def _own_server() -> Iterator[tuple[str, str]]:
    """Address and token of a server that ends with the block, whatever ends it: it reads from our end of a pipe."""
    dropped = {f"LIVEPANE_{name}" for name in _NOT_ITS_OWN}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    with tempfile.TemporaryDirectory(prefix="livepane-try-") as folder, tempfile.TemporaryFile() as errors:
        data = Path(folder) / "data"
        process = subprocess.Popen(
            [sys.executable, "-m", "livepane.sdk.owned_server"],
            env={**kept, "LIVEPANE_DATA_DIR": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for us; the server sees the end of its input
        )
        try:
            yield _started(process, data, errors)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait()


def _started(process: subprocess.Popen[bytes], data: Path, errors: Any) -> tuple[str, str]:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and process.poll() is None:
        found, token = read_server(data), read_admin_token(data)
        if found is not None and token is not None:
            return found.url, token
        time.sleep(LOOK_EVERY)
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines()
    raise Unavailable(f"no server could be started: {said[-1] if said else f'it did not answer within {START_WITHIN:g} s'}")
