"""Writes the generated reference pages into docs/reference (`--check`: only says which of them are stale)."""

from __future__ import annotations

import argparse
import sys

from scripts.gen.pages import ROOT, pages


def main() -> None:
    """Write what has changed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.gen", description="Write the generated reference pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is stale")
    check: bool = parser.parse_args().check
    stale = []
    for path, text in pages().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
    if check and stale:
        sys.exit("run `make gen` and commit what it writes")


if __name__ == "__main__":
    main()
