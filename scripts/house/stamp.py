"""What was done already, known by the content of what went into it: a copied folder or a touched file changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scripts.house.step import CACHE, ROOT


class Stamp:
    """The fingerprint of a step's inputs, kept from the last time that the step succeeded."""

    def __init__(self, name: str, inputs: Iterable[Path], *facts: object) -> None:
        self._file = CACHE / "stamps" / name
        self._print = _fingerprint(inputs, facts)

    @property
    def fresh(self) -> bool:
        """The step has been done with these very inputs."""
        return self._file.is_file() and self._file.read_text(encoding="utf-8") == self._print

    def keep(self) -> None:
        """The step has been done."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._print, encoding="utf-8")


def _fingerprint(inputs: Iterable[Path], facts: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(f"{fact}\0".encode())
    for path in sorted(inputs):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
