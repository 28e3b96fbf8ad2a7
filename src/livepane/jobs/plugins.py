"""Scrapers come from three places: those that come along, installed packages, and files that are named at the start."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from livepane.domain.errors import BadRequest
from livepane.jobs.items import line
from livepane.scrapers.contract import SCRAPERS

GROUP = "livepane.scrapers"  # of entry points: each names a module with scrapers in it
COME_ALONG = ("livepane.scrapers.ladder.scraper", "livepane.scrapers.media.scraper", "livepane.scrapers.media.trying")
_loaded: set[str] = set()


def load(files: Iterable[Path] = ()) -> None:
    """Import every scraper, so that `SCRAPERS` has them. What was imported before is not imported again.

    Raises:
        BadRequest: one of them cannot be imported, or declares no scraper; names it, the line and the reason.
    """
    for module in COME_ALONG:
        importlib.import_module(module)
    for point in entry_points(group=GROUP):
        if point.value not in _loaded:
            try:
                point.load()
            except Exception as error:
                package = f" of {point.dist.name}" if point.dist is not None else ""
                raise _broken(f"{point.name!r}{package} ({point.value})", error) from error
            _loaded.add(point.value)
    for file in files:
        _load_file(file.expanduser().resolve())


def _load_file(path: Path) -> None:
    if str(path) in _loaded:
        return
    before = dict(SCRAPERS)
    name = f"livepane_plugin_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        reason = "it is no file" if not path.exists() or path.is_dir() else "its name does not end in .py"
        raise BadRequest(f"the plug-in {str(path)!r} cannot be loaded: {reason}. Name a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses of the plug-in look themselves up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        SCRAPERS.clear()
        SCRAPERS.update(before)
        raise _broken(repr(str(path)), error, path) from error
    if not any(one.run.__module__ == name for one in SCRAPERS.values()):
        del sys.modules[name]
        raise BadRequest(
            f"the plug-in {str(path)!r} declares no scraper: write @scraper(name, about=…) above an async generator function"
        )
    _loaded.add(str(path))


def _broken(what: str, error: BaseException, path: Path | None = None) -> BadRequest:
    frames = [one for one in traceback.extract_tb(error.__traceback__) if path is None or one.filename == str(path)]
    number = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
    where = f", line {number}" if number and path is not None else ""
    return BadRequest(f"the plug-in {what} cannot be loaded{where}: {type(error).__name__}: {line(error, 300)}")
