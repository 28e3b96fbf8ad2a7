"""Somebody who follows a page of documentation: its shell blocks run as they stand, but for the names that differ."""

from __future__ import annotations

import asyncio
import re
import shlex
import stat
import sys
from pathlib import Path

from tests.docs.blocks import Block
from tests.forking.child import program
from tests.serving import Server, environment


class Reader:
    """Somebody at a shell in a folder, who replaces a page's names by what is really there."""

    def __init__(self, folder: Path, server: Server, **changes: str | None) -> None:
        self.folder = folder
        self.errors = ""  # what the last command wrote to standard error
        self.names = {"127.0.0.1:8000": f"127.0.0.1:{server.port}"}
        self._environment = environment(server.folder, **changes)
        programs = folder / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name, command in {"livepane": shlex.join(program()), "python": shlex.quote(sys.executable)}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (programs / name).chmod(stat.S_IRWXU)
        self._environment["PATH"] = f"{programs}:{self._environment.get('PATH', '')}"

    def said(self, text: str) -> str:
        """A text of the page with the real names."""
        for name, real in self.names.items():
            text = text.replace(name, real)
        return text

    async def do(self, block: Block, code: int = 0) -> str:
        """Run a block as it stands; returns what it printed. It must end with this exit code."""
        assert block.language == "sh", f"line {block.line} is no command"
        shell = await asyncio.create_subprocess_exec(
            "sh", "-eu", "-c", self.said(block.text), cwd=self.folder, env=self._environment, stdout=-1, stderr=-1
        )
        try:
            output, errors = await shell.communicate()
        finally:
            if shell.returncode is None:
                shell.kill()
                await shell.wait()
        self.errors = errors.decode()
        assert shell.returncode == code, f"line {block.line}: {self.errors}"
        return output.decode()


def agrees(printed: str, promised: str) -> bool:
    """Whether a page shows what is printed; … stands for anything."""
    pattern = ".*".join(re.escape(part) for part in promised.strip().split("…"))
    return re.fullmatch(pattern, printed.strip()) is not None
