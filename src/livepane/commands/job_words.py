"""Jobs in words for a terminal: a table, one in full, what it tells. Nothing that a page said can steer the terminal."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from typing import Any

from livepane.domain.job import JobState

Info = Mapping[str, Any]

_HEAD = ("ID", "STATE", "KIND", "TARGET", "ITEMS", "TOOK", "WHAT")
_WIDEST = 40  # characters of a target in a table


def plain(text: object) -> str:
    """Without control characters, line breaks and marks that turn text around."""
    return "".join(char if char.isprintable() else " " for char in str(text))


def table(jobs: Sequence[Info]) -> list[str]:
    """A line for each, below a head; as wide as the terminal."""
    rows = [_HEAD, *(_row(job) for job in jobs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    width = shutil.get_terminal_size((160, 24)).columns
    return [line if len(line) <= width else line[: width - 1] + "…" for line in lines]


def counts(found: Mapping[str, int]) -> str:
    """`3 queued, 1 running`"""
    return ", ".join(f"{found[state]} {state}" for state in JobState if found.get(state)) or "no jobs"


def whole(job: Info, server: str) -> str:
    """Everything about one job, a line for each fact."""
    lines = [
        ("Job", f"{job['id']} ({plain(job['kind'])})"),
        ("Target", plain(job["target"])),
        ("Options", json.dumps(job["options"], ensure_ascii=False) if job["options"] else ""),
        ("State", _state(job)),
        ("Doing" if job["state"] == JobState.RUNNING else "Last step", plain(job["action"] or "")),
        ("Progress", f"{job['progress']:.0%}" if job["progress"] is not None else ""),
        ("Items", str(job["items"])),
        ("Attempt", f"{job['attempt']} of {job['max_attempts']}"),
        ("Priority", str(job["priority"])),
        ("Group", plain(job["group"] or "")),
        ("Asked for", _moment(job["created_at"])),
        ("Took", _took(job)),
        ("Error", _error(job)),
        ("Watch it", f"{server}/view/{job['stream']}"),
        *((f"  {name}", plain(_fact(value))) for name, value in (job["summary"] or {}).items()),
    ]
    return "\n".join(f"{name + ':':<14}{value}" for name, value in lines if value)


def standing(kind: str, job: Info) -> str:
    """How a job of the queue stands, in one line."""
    if kind == "deleted":
        return f"{job['id']:>6}  deleted"
    return f"{job['id']:>6}  {_state(job):<10} {plain(job['target'])[:_WIDEST]}  {_what(job)}".rstrip()


def told(event: Info, *, several: bool) -> str:
    """A line of the journal; "" for what says nothing to a person. `several`: it says which job it is of."""
    data = event["data"]
    match event["kind"]:
        case "started":
            said = f"started, attempt {data.get('attempt', '?')}"
        case "action":
            said = str(data.get("label", ""))
        case "item":
            item = data.get("item")
            item = item if isinstance(item, dict) else {}
            said = f"+ {item.get('title') or item.get('name') or item.get('url') or json.dumps(item, ensure_ascii=False)}"
        case "warning":
            said = f"warning: {data.get('message', '')}"
        case "retrying":
            said = f"tries again at {_moment(data.get('run_after'))}: {data.get('code')}: {data.get('message')}"
        case "finished":
            error = data.get("error")
            reason = f": {error.get('code')}: {error.get('message')}" if isinstance(error, dict) else ""
            said = f"{data.get('state', 'finished')}, {data.get('items', 0)} items{reason}"
        case "progress":
            return ""
        case kind:
            said = str(kind)
    at = time.strftime("%H:%M:%S", time.localtime(event["at"] / 1000))
    return f"{at}  {str(event['job']) + '  ' if several else ''}{plain(said)}"


def after(verb: str, job: Info) -> str:
    """What has become of a job that something was done to."""
    if verb == "cancel" and job["cancel_requested"]:
        return f"{job['id']} is being cancelled"
    return f"{job['id']} is {job['state']}"


def _row(job: Info) -> tuple[str, ...]:
    target = plain(job["target"])
    target = target if len(target) <= _WIDEST else target[: _WIDEST - 1] + "…"
    return str(job["id"]), _state(job), plain(job["kind"]), target, str(job["items"]), _took(job), _what(job)


def _state(job: Info) -> str:
    return "cancelling" if job["cancel_requested"] else str(job["state"])


def _what(job: Info) -> str:
    match job["state"]:
        case JobState.FAILED | JobState.RETRYING:
            return _error(job)
        case JobState.RUNNING:
            return plain(job["action"] or "")
        case _:
            return ""


def _error(job: Info) -> str:
    error = job["error"]
    return plain(f"{error['code']}: {error['message']}") if error else ""


def _took(job: Info) -> str:
    if job["started_at"] is None:
        return ""
    seconds = ((job["finished_at"] or time.time() * 1000) - job["started_at"]) / 1000
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _moment(milliseconds: int | None) -> str:
    return "" if milliseconds is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(milliseconds / 1000))


def _fact(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
