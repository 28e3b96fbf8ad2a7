"""`python -m livepane.sdk.owned_server`: a server that ends when its standard input does, so with the script that started it."""

from __future__ import annotations

import os
import signal
import sys
import threading


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if sys.platform == "win32":
        os._exit(0)  # a signal would not be heard there
    os.kill(os.getpid(), signal.SIGTERM)  # drains like any other end


def main() -> None:
    """Serve on a free port of this machine."""
    from livepane.cli import app

    threading.Thread(target=_end_with_input, name="livepane owner", daemon=True).start()
    app(["serve", "--port", "0"])


if __name__ == "__main__":
    main()
