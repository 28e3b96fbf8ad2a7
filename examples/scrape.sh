#!/bin/sh
# Companies as each of them completes, as server-sent events: examples/scrape.sh example.com example.org
# LIVEPANE_SERVER names the server; LIVEPANE_TOKEN is needed where it demands one. Exit code 22: it refused, and says why.
set -eu
test $# -gt 0 || { echo "usage: $0 DOMAIN…" >&2; exit 2; }

domains=$(printf '"%s",' "$@")
exec curl --no-buffer --silent --show-error --fail-with-body \
    ${LIVEPANE_TOKEN:+--header "Authorization: Bearer $LIVEPANE_TOKEN"} \
    --json "{\"domains\":[${domains%,}]}" \
    "${LIVEPANE_SERVER:-http://127.0.0.1:8000}/scrape/stream"
