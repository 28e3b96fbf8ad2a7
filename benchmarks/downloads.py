"""Pictures of a gallery, kept with all checks, beside a plain script that fetches the same list: time and memory."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.parts.downloading import COLLECTION
from benchmarks.parts.numbers import median, ratio
from benchmarks.parts.processes import Child
from benchmarks.parts.quiet import undisturbed
from benchmarks.parts.report import Report

LATENCY = 0.08  # seconds before every answer
COUNT = 300
AT_ONCE = 8  # as many for both: our manners are set so that they do not count
ALLOWED = 1.2
MEMORY = 100.0  # MB beyond the idle process

Spent = dict[str, float]


def run(quick: bool) -> Iterator[Report]:
    """Alternating, so that both have the same machine."""
    count, rounds = (60, 1) if quick else (COUNT, 3)
    with ExitStack() as stack:
        gallery = stack.enter_context(Child("benchmarks.parts.gallery", str(count), str(LATENCY), "0"))
        about = json.loads(gallery.read())
        sides = {"Livepane": ("livepane", AT_ONCE), "httpx, as many at once": ("httpx", AT_ONCE)}
        children = {name: stack.enter_context(_child(about["port"], *side)) for name, side in sides.items()}
        spent: dict[str, list[Spent]] = {name: [] for name in sides}
        for _ in range(rounds):
            for name, child in children.items():
                spent[name].append(undisturbed(partial(_fetch, child, about["pictures"], checked=name == "Livepane")))
        with _child(about["port"], "httpx", 1) as child:
            spent["httpx, one after another"] = [undisturbed(partial(_fetch, child, about["pictures"], checked=False))]
    yield _report(about["pictures"], spent)


def _child(port: int, by: str, at_once: int) -> Child:
    child = Child("benchmarks.parts.downloading", by, str(port), str(at_once))
    child.read()
    return child


def _fetch(child: Child, pictures: dict[str, tuple[int, str]], *, checked: bool) -> Spent:
    folder = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
    try:
        spent: Spent = json.loads(child.ask(json.dumps({"folder": str(folder / "kept"), "paths": list(pictures)})))
        if checked:
            files = [path for path in (folder / "kept" / COLLECTION).iterdir() if path.suffix == ".jpg"]
            right = {digest for _, digest in pictures.values()}
            spent["right"] = len({hashlib.sha256(path.read_bytes()).hexdigest() for path in files} & right)
        return spent
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _report(pictures: dict[str, tuple[int, str]], spent: dict[str, list[Spent]]) -> Report:
    size = sum(length for length, _ in pictures.values())
    report = Report(
        "downloads",
        f"{len(pictures)} pictures of 0.1 to 4 MB ({size / 1e6:.0f} MB), {LATENCY * 1000:.0f} ms to every answer",
        ["", "seconds", "beside httpx", "MB/s", "CPU s", "MB in memory, at most", "over idle"],
    )
    rival = median(one["seconds"] for one in spent["httpx, as many at once"])
    for name, rounds in spent.items():
        seconds, cpu, most = (median(one[what] for one in rounds) for what in ("seconds", "cpu", "most"))
        over = max(one["most"] - one["idle"] for one in rounds)
        report.row(name, seconds, ratio(seconds, rival), size / 1e6 / seconds, cpu, most, over)
    ours = spent["Livepane"]
    report.bar("total beside httpx with as many at once", ratio(median(one["seconds"] for one in ours), rival), ALLOWED)
    report.bar("memory over idle", max(one["most"] - one["idle"] for one in ours), MEMORY, "MB")
    report.bar("files that came right", min(one["right"] for one in ours), len(pictures), "", at_most=False)
    report.notes.append(
        f"{AT_ONCE} at a time for both, and no limit to how many a second. Ours checks addresses, types and completeness, "
        "hashes, and writes a manifest; httpx only writes."
    )
    return report
