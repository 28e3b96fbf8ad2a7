"""The nearest rival: agent-browser, fetched from npm into the cache, streaming one page over WebSocket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.parts import cpu
from benchmarks.parts.machine import chromium
from benchmarks.parts.processes import CACHE, Failed, end, free_port, listens, wait_for
from benchmarks.parts.quiet import MARK

VERSION = "0.41.2"
_SESSION = "bench"


class AgentBrowser:
    """`with AgentBrowser(url, quality) as rival:` has the page open at 1280×720 and streams it on `rival.port`."""

    def __init__(self, url: str, quality: int) -> None:
        self._url = url
        self._command = _installed()
        self.port = free_port()
        self._home = Path(tempfile.mkdtemp(prefix="livepane-bench-"))
        self._env = {
            **os.environ,
            MARK: str(os.getpid()),
            "HOME": str(self._home),
            "XDG_RUNTIME_DIR": str(self._home),
            "AGENT_BROWSER_SESSION": _SESSION,
            "AGENT_BROWSER_STREAM_PORT": str(self.port),
            "AGENT_BROWSER_STREAM_QUALITY": str(quality),
            "AGENT_BROWSER_EXECUTABLE_PATH": chromium(),
            "AGENT_BROWSER_ARGS": "--no-sandbox",
        }

    def __enter__(self) -> AgentBrowser:
        try:
            self._say("open", "about:blank")
            self._say("set", "viewport", "1280", "720")
            self._say("open", self._url)
            wait_for("agent-browser's stream", lambda: listens(self.port))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        roots = cpu.marked("AGENT_BROWSER_STREAM_PORT", str(self.port))
        family = cpu.family(roots)
        subprocess.run([self._command, "close"], env=self._env, capture_output=True, timeout=30, check=False)
        end(family)
        shutil.rmtree(self._home, ignore_errors=True)

    def cpu(self) -> float:
        """CPU seconds of the daemon with its browser."""
        return cpu.of_trees({int(next(self._home.rglob(f"{_SESSION}.pid")).read_text())})

    def _say(self, *words: str) -> None:
        done = subprocess.run([self._command, *words], env=self._env, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise Failed(f"agent-browser {' '.join(words)}: {done.stdout}{done.stderr}")


def _installed() -> str:
    folder = CACHE / f"agent-browser-{VERSION}"
    launcher = folder / "node_modules" / ".bin" / "agent-browser"
    if not launcher.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder), f"agent-browser@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"npm could not install agent-browser {VERSION}: {done.stderr[-800:]}")
    return str(launcher)
