"""One tab in a headless Chromium of its own: a fresh profile, our own eyes inside the page, and what the tab costs."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from benchmarks.parts import cpu
from benchmarks.parts.machine import chromium
from benchmarks.parts.processes import Failed, end, start, wait_for

_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    # One renderer: the tab. And extensions may come from folders that we name.
    "--disable-features=SpareRendererForSitePerProcess,DisableLoadExtensionCommandLineSwitch",
    "--remote-debugging-port=0",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
]


@dataclass(frozen=True, slots=True)
class Memory:
    """What a tab holds after a forced garbage collection. Bytes."""

    heap: float
    resident: float
    proportional: float  # PSS: shared pages are shared out


class Tab:
    """`with Tab(1920, 1080) as tab:` a browser with one empty tab."""

    def __init__(self, width: int, height: int, script: str = "", flags: Sequence[str] = ()) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="livepane-bench-chromium-", ignore_cleanup_errors=True)
        self._size = (width, height)
        self._script = script
        self._more_flags = flags
        self._last = 0

    def __enter__(self) -> Tab:
        profile = Path(self._profile.name)
        width, height = self._size
        flags = [*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}", *self._more_flags]
        self._process = start([chromium(), *flags, "about:blank"], None, subprocess.DEVNULL)
        try:
            file = profile / "DevToolsActivePort"
            wait_for("Chromium", lambda: file.is_file() and file.read_text().count("\n") >= 1)
            port, path = file.read_text().split("\n")[:2]
            self._socket = connect(f"ws://127.0.0.1:{port}{path}", max_size=None, compression=None)
            pages = self.ask("Target.getTargets", browser=True)["targetInfos"]
            self._target = next(one["targetId"] for one in pages if one["type"] == "page")
            self._session = self._attach(self._target)
            self.ask("Page.enable")
            self.ask("Performance.enable", timeDomain="threadTicks")
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=self._script)
            self.resize(width, height)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_socket"):
            self._socket.close()
        end({self._process.pid})
        self._process.wait()
        self._profile.cleanup()

    @property
    def pid(self) -> int:
        """The browser's first process; everything else descends from it."""
        return self._process.pid

    def ask(self, method: str, /, browser: bool = False, session: str | None = None, **params: object) -> dict[str, Any]:
        """Call a DevTools method: in the tab, in the browser, or in another target that we are attached to.

        Raises:
            Failed: Chromium answers with an error.
        """
        self._last += 1
        message: dict[str, object] = {"id": self._last, "method": method, "params": params}
        if not browser:
            message["sessionId"] = session or self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=120))
            if answer.get("id") != self._last:
                continue  # an event, or the answer to nobody
            if "error" in answer:
                raise Failed(f"{method}: {answer['error']['message']}")
            return dict(answer["result"])

    def run(self, expression: str, session: str | None = None) -> Any:
        """The value of an expression in the page, or in another target; promises are waited for."""
        wish = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.ask("Runtime.evaluate", session=session, **wish)
        if "exceptionDetails" in answer:
            raise Failed(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, expression: str, timeout: float = 60) -> None:
        """Until an expression is true in the page."""
        wait_for(expression, lambda: bool(self.run(expression)), timeout)

    def go(self, url: str) -> None:
        """Navigate; returns when the document has come."""
        answer = self.ask("Page.navigate", url=url)
        if "errorText" in answer:
            raise Failed(f"{url}: {answer['errorText']}")

    def resize(self, width: int, height: int) -> None:
        """The size that the page has to show itself in."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, url: str) -> str:
        """Open a page in a window of its own, behind the tab; returns the session that it is reached by."""
        target = self.ask("Target.createTarget", browser=True, url=url, newWindow=True, background=True)["targetId"]
        session = self._attach(target)
        wait_for(url, lambda: self.run("document.readyState", session) == "complete")
        return session

    def hide(self) -> None:
        """Put another tab in front of it, as a person would."""
        self.ask("Target.createTarget", browser=True, url="about:blank")
        self.wait("document.hidden", 20)

    def cpu(self) -> float:
        """CPU seconds of the browser with all its processes."""
        return cpu.of_trees({self.pid})

    def task_seconds(self) -> float:
        """CPU seconds that the main thread has spent in tasks."""
        metrics = {one["name"]: one["value"] for one in self.ask("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def memory(self) -> Memory:
        """After a forced garbage collection."""
        self.ask("HeapProfiler.collectGarbage")
        heap = self.ask("Runtime.getHeapUsage")["usedSize"]
        text = Path(f"/proc/{self._renderer()}/smaps_rollup").read_text()
        sizes = {name: int(kilobytes) * 1024 for name, kilobytes in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
        return Memory(float(heap), float(sizes["Rss"]), float(sizes["Pss"]))

    def picture(self, path: Path) -> None:
        """A screenshot, to look at."""
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def _attach(self, target: str) -> str:
        session: str = self.ask("Target.attachToTarget", browser=True, targetId=target, flatten=True)["sessionId"]
        return session

    def _renderer(self) -> int:
        """The process of the tab: the renderer that has worked most."""
        processes = self.ask("SystemInfo.getProcessInfo", browser=True)["processInfo"]
        renderers = [one for one in processes if one["type"] == "renderer"]
        return int(max(renderers, key=lambda one: one["cpuTime"])["id"])
