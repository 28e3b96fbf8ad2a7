"""`python -m tests.boards --latency 0.05`: serve the made world; one line of JSON says where, end of input ends it."""

from __future__ import annotations

import argparse
import json
import sys

from tests.boards.world import boards


def main() -> None:
    """Serve until nobody holds the other end of our input."""
    parser = argparse.ArgumentParser(prog="python -m tests.boards", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    options = parser.parse_args()
    with boards(latency=options.latency) as world:
        sites = [{"domain": site.domain, "kind": site.kind, "needs_browser": site.needs_browser} for site in world.sites]
        print(json.dumps({"addresses": world.addresses, "ca_file": str(world.ca_file), "sites": sites}), flush=True)
        sys.stdin.read()


main()
