"""Settings that cannot be used, alone or together, and variables that were meant to be settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from livepane.commands import before_start, provenance
from livepane.commands.doctor.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from livepane.domain.errors import LivepaneError
    from livepane.settings import Settings


def findings(options: Mapping[str, Any], usable: Settings) -> Iterator[Finding]:
    """One for each that is wrong, or one that says that all are right. `usable` are those settings that can be read."""
    settings = provenance.read(options)
    wrong = [one for one in settings if one.problem]
    for one in wrong:
        yield problem("settings", f"{one.origin} = {one.value!r} cannot be used: {one.problem}", one.meaning)
    for name in (strange := provenance.unknown()):
        mend = f"Did you mean {name.meant}?" if name.meant else "`livepane config show` lists all that there are."
        yield warning("settings", f"{name.name} is set, and nothing reads it", mend)
    refused: list[LivepaneError] = []
    tls = before_start.check(usable, refused.append)
    for error in refused:
        yield problem("settings", error.message)
    if tls is not None and tls.warning:
        yield warning("settings", tls.warning)
    if not wrong and not strange and not refused:
        here = [one.origin for one in settings if one.origin != provenance.DEFAULT]
        yield ok("settings", f"set here: {', '.join(here)}" if here else "all at their defaults")
