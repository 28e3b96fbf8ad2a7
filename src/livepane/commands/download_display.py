"""What a download shows while it runs: a bar for each file and one for the whole on a terminal, else a line for each item."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import typer

from livepane.commands.job_words import plain

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from livepane.jobs.transfers import Transfer

_ITEM = re.compile(r"Downloading item \d+/(\d+)")
_MARKS = {"new": "+", "upgraded": "^", "same": "=", "duplicate": "=", "failed": "!"}
LONGEST_NAME = 32  # characters of a file's name beside its bar


class Display:
    """Tells on standard error how far a download is. `with`: what is drawn is left tidy."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.bytes = 0  # of what came new
        self.found = 0  # items, so far

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def told(self, label: str) -> None:
        """What the scraper does now."""
        if match := _ITEM.match(label):
            self.found = max(self.found, int(match[1]))
        else:
            self.line(plain(label))

    def item(self, item: Mapping[str, Any]) -> None:
        """What became of one item."""
        outcome = str(item.get("outcome", "new"))
        self.outcomes[outcome] += 1
        if outcome in ("new", "upgraded"):
            self.bytes += item.get("bytes") or 0
        if outcome != "same" or item.get("better_failed"):
            done = sum(self.outcomes.values())
            mark = "~" if item.get("better_failed") else _MARKS.get(outcome, "+")
            self.line(f"{mark} {done}/{max(done, self.found)} {said(item)}")

    def line(self, text: str) -> None:
        """One line for the person who waits."""
        typer.echo(text, err=True)

    def under_way(self, transfers: Iterable[Transfer]) -> None:
        """The files that are being fetched just now."""


class Quiet(Display):
    """Tells nothing but what failed."""

    def line(self, text: str) -> None:
        """Only what failed."""
        if text.startswith("!"):
            super().line(text)


class Bars(Display):
    """For a terminal."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        self._progress: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._whole = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f} items")
        )
        self._all = self._whole.add_task("All", total=0)
        self._files: dict[Transfer, TaskID] = {}

    def __enter__(self) -> Self:
        from rich.console import Group
        from rich.live import Live

        self._live = Live(Group(self._progress, self._whole), console=self._progress.console, transient=True)
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.stop()

    def line(self, text: str) -> None:
        """Above the bars."""
        self._progress.console.print(text, markup=False, soft_wrap=True)

    def under_way(self, transfers: Iterable[Transfer]) -> None:
        """A bar for each; one whose length nobody knows goes to and fro."""
        now = list(transfers)
        for gone in self._files.keys() - set(now):
            self._progress.remove_task(self._files.pop(gone))
        for one in now:
            if one not in self._files:
                name = plain(one.name)
                short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
                self._files[one] = self._progress.add_task(short.ljust(LONGEST_NAME), total=None)
            self._progress.update(self._files[one], completed=one.received, total=one.total)
        self._show_whole()

    def told(self, label: str) -> None:
        """What the scraper does now."""
        super().told(label)
        self._show_whole()

    def item(self, item: Mapping[str, Any]) -> None:
        """What became of one item."""
        super().item(item)
        self._show_whole()

    def _show_whole(self) -> None:
        done = sum(self.outcomes.values())
        self._whole.update(self._all, completed=done, total=max(done, self.found), description=self._words())

    def _words(self) -> str:
        return f"{words(self.outcomes) or 'Looking for items'}, {weight(self.bytes)}".ljust(LONGEST_NAME)


def display(*, quiet: bool, as_json: bool) -> Display:
    """The one that fits to where standard error goes: no bars where lines of JSON come between them."""
    if quiet:
        return Quiet()
    return Bars() if sys.stderr.isatty() and not (as_json and sys.stdout.isatty()) else Display()


def said(item: Mapping[str, Any]) -> str:
    """One item in a line: its name, its size, and what failed."""
    name = plain(item.get("name") or item.get("title") or item.get("url") or item.get("key") or "")
    error = item.get("error")
    if error:
        return f"{name}: {plain(error.get('code'))}: {plain(error.get('message'))}"
    size = f"{item['width']} × {item['height']}" if item.get("width") and item.get("height") else plain(item.get("media_type"))
    missed = item.get("better_failed")
    worse = f"a better one failed: {plain(missed.get('code'))}: {plain(missed.get('message'))}" if missed else ""
    known = {"upgraded": "better than before", "duplicate": "is there under another name"}.get(str(item.get("outcome")), "")
    return ", ".join(part for part in (name, size, weight(item.get("bytes") or 0), known, worse) if part)


def words(outcomes: Mapping[str, int]) -> str:
    """`3 new, 1 better, 2 failed`"""
    names = {
        "new": "new",
        "upgraded": "better than before",
        "same": "there already",
        "duplicate": "duplicate",
        "failed": "failed",
    }
    return ", ".join(f"{outcomes[one]} {name}" for one, name in names.items() if outcomes.get(one))


def weight(count: float) -> str:
    """Bytes as people read them: `412 kB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit in ("B", "kB") or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
