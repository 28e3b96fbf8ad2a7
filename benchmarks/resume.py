"""A download whose process is killed again and again: what is corrupt in the end, and what was fetched twice."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.parts.downloading import COLLECTION, HOST
from benchmarks.parts.processes import Child, wait_for
from benchmarks.parts.quiet import once
from benchmarks.parts.report import Report
from livepane.downloads.collection import PARTS, key_hash

SEED = 6  # of the moments
RATE = 400_000  # bytes a second of one connection: enough time for all the killing
AT_ONCE = 6

Pictures = dict[str, tuple[int, str]]


@dataclass(slots=True)
class Seen:
    """What happened."""

    kills: int = 0
    sent: int = 0  # bytes that the server handed over
    whole_again: list[str] = field(default_factory=list)  # asked for though it was kept
    behind: list[str] = field(default_factory=list)  # asked for from before the end of its part
    gone_on: int = 0  # files that were gone on with


def run(quick: bool) -> Iterator[Report]:
    """One long download with many ends."""
    count, kills = (20, 6) if quick else (60, 30)
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    try:
        with Child("benchmarks.parts.gallery", str(count), "0.02", str(RATE)) as gallery:
            about = json.loads(gallery.read())
            seen, seconds = once(partial(_download, folder, gallery, about["port"], list(about["pictures"]), kills))
        yield _report(about["pictures"], folder / COLLECTION, seen, kills, seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(folder: Path, gallery: Child, port: int, paths: list[str], kills: int) -> tuple[Seen, float]:
    """Start, kill, and start again, until all is there."""
    seen, chance, began = Seen(), random.Random(SEED), time.monotonic()
    while True:
        there, parts = _look(folder / COLLECTION, paths)
        if len(there) == len(paths):
            return seen, time.monotonic() - began
        with Child("benchmarks.parts.downloading", "livepane", str(port), str(AT_ONCE)) as child:
            child.read()
            child.say(json.dumps({"folder": str(folder), "paths": paths}))
            if seen.kills < kills:
                wait_for("a request", lambda: gallery.ask("count") != "0", 120)
                time.sleep(chance.uniform(0, 1.5))
                child.kill()
                seen.kills += 1
            else:
                child.read()
        time.sleep(0.2)  # what it has asked for is answered, or fails
        _compare(seen, json.loads(gallery.ask("take")), there, parts)


def _look(folder: Path, paths: list[str]) -> tuple[set[str], dict[str, int]]:
    """What the manifest has, and how much of the others is there."""
    manifest = folder / "manifest.jsonl"
    lines = manifest.read_bytes().split(b"\n")[:-1] if manifest.exists() else []
    told = [json.loads(line) for line in lines]
    kept = {line["key"].removeprefix(f"http://{HOST}") for line in told if line["event"] == "kept"}
    parts = {path: folder / PARTS / f"{key_hash(f'http://{HOST}{path}')}.part" for path in paths}
    return kept, {
        path: part.stat().st_size for path, part in parts.items() if part.with_suffix(".json").exists() and part.exists()
    }


def _compare(seen: Seen, asked: list[tuple[str, int, int]], there: set[str], parts: dict[str, int]) -> None:
    for path, first, sent in asked:
        seen.sent += sent
        if path in there:
            seen.whole_again.append(path)
        elif first != parts.get(path, 0):
            seen.behind.append(f"{path}: asked from {first}, there were {parts.get(path, 0)}")
        seen.gone_on += first > 0


def _report(pictures: Pictures, folder: Path, seen: Seen, kills: int, seconds: float) -> Report:
    size = sum(length for length, _ in pictures.values())
    report = Report(
        "resume", f"{len(pictures)} pictures ({size / 1e6:.0f} MB), and the process is killed (-9) {kills} times", ["", "count"]
    )
    files = [path for path in folder.iterdir() if path.suffix == ".jpg"]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    right = {digest for _, digest in pictures.values()}
    leftovers = list((folder / PARTS).iterdir())
    report.row("files that are there and right", len(set(digests) & right))
    report.row("files that were gone on with", seen.gone_on)
    report.row("MB that the server sent", seen.sent / 1e6)
    report.row("of them on the way when a process died", (seen.sent - size) / 1e6)
    report.row("unfinished files left behind", len(leftovers))
    report.bar("processes killed at work", seen.kills, kills, "", at_most=False)
    report.bar("files missing", len(right - set(digests)), 0, "")
    report.bar("files corrupt, or kept twice", len(digests) - len(set(digests) & right), 0, "")
    report.bar("kept files fetched again", len(seen.whole_again), 0, "")
    report.bar("files asked for from before the end of what was there", len(seen.behind), 0, "")
    report.notes += seen.behind[:5]
    report.notes.append(
        f"It took {seconds:.0f} s. Killed at random moments of a run; what has come is written every "
        "half megabyte, or every second."
    )
    return report
