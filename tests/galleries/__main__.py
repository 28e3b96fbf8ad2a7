"""`python -m tests.galleries --latency 0.05`: serve every shape; one line of JSON says where, end of input ends it."""

from __future__ import annotations

import argparse
import json
import sys

from tests.galleries.world import galleries


def main() -> None:
    """Serve until nobody holds the other end of our input."""
    parser = argparse.ArgumentParser(prog="python -m tests.galleries", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    options = parser.parse_args()
    with galleries(latency=options.latency) as world:
        hosts = dict(one.split("=") for one in world.host_addresses)
        addresses = {host: (place.rpartition(":")[0], int(place.rpartition(":")[2])) for host, place in hosts.items()}
        print(json.dumps({"addresses": addresses, "ca_file": str(world.ca_file)}), flush=True)
        sys.stdin.read()


main()
