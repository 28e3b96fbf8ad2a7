"""The open jobs of companies, printed as each of them completes: python examples/scrape_stream.py example.com example.org"""

import json
import os
import sys

import httpx

SERVER = os.environ.get("LIVEPANE_SERVER", "http://127.0.0.1:8000")
TOKEN = os.environ.get("LIVEPANE_TOKEN")  # on loopback, scraping needs none

headers = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
body = {"domains": sys.argv[1:]}
# The server says something every 15 s at least: silence for longer means that it is gone.
with httpx.stream("POST", f"{SERVER}/scrape/stream", json=body, headers=headers, timeout=httpx.Timeout(10, read=45)) as answer:
    if answer.is_error:
        sys.exit(json.loads(answer.read())["error"])
    for line in answer.iter_lines():
        if not line.startswith("data: "):
            continue  # a comment, or the empty line after an event
        company = json.loads(line.removeprefix("data: "))
        if company["status"] == "error":
            print(f"{company['domain']}: {company['error']}")  # noqa: T201
            continue
        print(f"{company['domain']}: {len(company['jobs'])} open jobs")  # noqa: T201
        for job in company["jobs"]:
            print(f"  {job['score']:>3}  {job['title']}, {job['location'] or 'anywhere'}  {job['url']}")  # noqa: T201
