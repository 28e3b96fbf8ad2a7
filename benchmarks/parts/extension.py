"""An extension in a tab of our own Chromium: how it is loaded, and how its parts are told what to do."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks.parts.processes import ROOT, Failed, wait_for
from benchmarks.parts.tab import Tab

OURS = ROOT / "extension" / ".output" / "chrome-mv3"
NAIVE = ROOT / "benchmarks" / "rivals" / "naive_extension"


def granted(built: Path, to: Path) -> Path:
    """A copy of an extension that may do at once what it would ask its user for: nobody can click at Chromium's question here.

    Raises:
        Failed: it has not been built.
    """
    if not (built / "manifest.json").is_file():
        raise Failed(f"there is no extension in {built}: run `make extension` first")
    shutil.copytree(built, to)
    file = to / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for optional, required in (("optional_permissions", "permissions"), ("optional_host_permissions", "host_permissions")):
        manifest[required] = [*manifest.get(required, []), *manifest.pop(optional, [])]
    file.write_text(json.dumps(manifest), encoding="utf-8")
    return to


def id_of(folder: Path) -> str:
    """How Chromium names an extension that comes from a folder: by the folder."""
    digits = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digits)


def flags(folder: Path) -> list[str]:
    """What Chromium is started with to have it; a stream of a tab needs no click at its button then."""
    return [
        f"--disable-extensions-except={folder}",
        f"--load-extension={folder}",
        f"--allowlisted-extension-id={id_of(folder)}",
    ]


class Extension:
    """A loaded one."""

    def __init__(self, tab: Tab, folder: Path) -> None:
        self._tab = tab
        self._home = f"chrome-extension://{id_of(folder)}/"

    def worker(self) -> str:
        """The session of its service worker, which lives as long as we are attached to it."""
        found: list[str] = []

        def there() -> bool:
            targets = self._tab.ask("Target.getTargets", browser=True)["targetInfos"]
            found.extend(
                one["targetId"] for one in targets if one["type"] == "service_worker" and one["url"].startswith(self._home)
            )
            return bool(found)

        wait_for("the service worker of the extension", there)
        session: str = self._tab.ask("Target.attachToTarget", browser=True, targetId=found[0], flatten=True)["sessionId"]
        return session

    def page(self, path: str) -> str:
        """The session of a page of it, in a window behind the tab."""
        return self._tab.open(self._home + path)

    def run(self, expression: str, session: str) -> Any:
        """The value of an expression in one of its parts."""
        return self._tab.run(expression, session)
