"""deploy/grafana/livepane.json: a dashboard for our metrics, from the table of its panels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

OF = 'instance=~"$instance"'  # the gateways that are chosen at the top
SOURCE = {"type": "prometheus", "uid": "${source}"}
COLUMNS = 24  # of Grafana's grid


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph: its lines are expressions and what they are called."""

    title: str
    unit: str  # as Grafana calls it
    lines: tuple[tuple[str, str], ...]
    says: str = ""
    width: int = 8
    stat: bool = False


def _rate(metric: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}{{{OF}}}[$__rate_interval]))"


def _sum(metric: str, by: str) -> str:
    return f"sum by ({by}) ({metric}{{{OF}}})"


def _age(share: float, until: str) -> str:
    buckets = f'rate(livepane_picture_age_seconds_bucket{{{OF},until="{until}"}}[$__rate_interval])'
    return f"histogram_quantile({share}, sum by (le) ({buckets}))"


def _age_elsewhere(share: float) -> str:
    buckets = f"rate(livepane_bus_picture_age_seconds_bucket{{{OF}}}[$__rate_interval])"
    return f"histogram_quantile({share}, sum by (le) ({buckets}))"


ROWS: dict[str, tuple[Panel, ...]] = {
    "Now": (
        Panel("Viewers", "short", ((f"sum(livepane_viewers{{{OF}}})", "viewers"),), width=4, stat=True),
        Panel("Streams", "short", ((f"sum(livepane_streams{{{OF}}})", "streams"),), width=4, stat=True),
        Panel("Captures", "short", ((f"sum(livepane_captures{{{OF}}})", "captures"),), "Nothing is captured unwatched.", 4, True),
        Panel("Sockets", "short", ((f"sum(livepane_sockets{{{OF}}})", "sockets"),), width=4, stat=True),
        Panel("Age, 95 %", "s", ((_age(0.95, "socket"), "age"),), "From capture until the socket took it.", 4, True),
        Panel("Slowed", "short", ((f"sum(livepane_streams_slowed{{{OF}}})", "slowed"),), "The machine is too small.", 4, True),
    ),
    "Pictures": (
        Panel(
            "Pictures a second",
            "cps",
            (
                (_rate("livepane_frames_in_total", "instance"), "in, {{instance}}"),
                (_rate("livepane_frames_out_total", "instance"), "out, {{instance}}"),
            ),
        ),
        Panel("Bytes to viewers", "Bps", ((_rate("livepane_picture_bytes_out_total", "instance"), "{{instance}}"),)),
        Panel(
            "Age of new pictures",
            "s",
            (
                (_age(0.5, "socket"), "socket, half"),
                (_age(0.95, "socket"), "socket, 95 %"),
                (_age(0.5, "acknowledged"), "seen, half"),
                (_age(0.95, "acknowledged"), "seen, 95 %"),
            ),
            "Until the socket took them, and until viewers that acknowledge had them.",
        ),
        Panel(
            "Dropped",
            "cps",
            ((_rate("livepane_frames_dropped_total", "reason"), "{{reason}}"),),
            "slow_viewer is as it should be: what a viewer was too slow for is not sent late.",
        ),
        Panel("Equal to the last", "cps", ((_rate("livepane_frames_unchanged_total", "instance"), "{{instance}}"),)),
        Panel(
            "Time of an encode",
            "s",
            (
                (
                    f"sum(rate(livepane_encode_seconds_total{{{OF}}}[$__rate_interval]))"
                    f" / sum(rate(livepane_encodes_total{{{OF}}}[$__rate_interval]))",
                    "mean",
                ),
            ),
        ),
    ),
    "Streams and viewers": (
        Panel("Viewers by kind", "short", ((_sum("livepane_viewers", "kind"), "{{kind}}"),)),
        Panel("Streams by state", "short", ((_sum("livepane_streams", "state"), "{{state}}"),)),
        Panel("Sockets by route", "short", ((_sum("livepane_sockets", "route"), "{{route}}"),)),
    ),
    "Between machines": (
        Panel(
            "Connected, and other nodes",
            "short",
            (
                (_sum("livepane_bus_up", "instance"), "connected, {{instance}}"),
                (_sum("livepane_bus_nodes", "instance"), "other nodes, {{instance}}"),
            ),
        ),
        Panel(
            "Pictures between nodes",
            "cps",
            ((_rate("livepane_bus_frames_total", "instance, direction"), "{{direction}}, {{instance}}"),),
        ),
        Panel(
            "Bytes between nodes",
            "Bps",
            ((_rate("livepane_bus_picture_bytes_total", "instance, direction"), "{{direction}}, {{instance}}"),),
        ),
        Panel(
            "Age of pictures that arrive",
            "s",
            ((_age_elsewhere(0.5), "half"), (_age_elsewhere(0.95), "95 %"), (_age_elsewhere(0.99), "99 %")),
        ),
        Panel(
            "Passed over",
            "cps",
            ((_rate("livepane_bus_frames_passed_over_total", "reason"), "{{reason}}"),),
            "What a newer one replaced, and what was skipped to be live again.",
        ),
        Panel(
            "Wanted, and faults",
            "short",
            (
                (_sum("livepane_bus_leases", "side"), "{{side}}"),
                (_rate("livepane_bus_faults_total", "reason"), "faults a second, {{reason}}"),
            ),
        ),
    ),
    "Machines": (
        Panel(
            "Share of the machine",
            "percentunit",
            (
                (_sum("livepane_cpu_used_ratio", "instance"), "{{instance}}"),
                (f"min(livepane_capture_cpu_limit_ratio{{{OF}}})", "captures are slowed above"),
            ),
            "Server and browsers.",
        ),
        Panel(
            "Cores",
            "short",
            (
                (_rate("process_cpu_seconds_total", "instance"), "server, {{instance}}"),
                (_rate("livepane_browser_cpu_seconds_total", "instance"), "Chromium, {{instance}}"),
            ),
        ),
        Panel("Memory of the server", "bytes", ((_sum("process_resident_memory_bytes", "instance"), "{{instance}}"),)),
        Panel("The event loop is late by", "s", ((_sum("livepane_event_loop_lag_seconds", "instance"), "{{instance}}"),)),
        Panel("Open files", "short", ((_sum("process_open_fds", "instance"), "{{instance}}"),)),
        Panel("Refused sign-ins", "cps", ((_rate("livepane_signin_refusals_total", "reason"), "{{reason}}"),)),
    ),
}


def page() -> str:
    """The whole dashboard."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, row in ROWS.items():
        panels.append({"type": "row", "id": len(panels) + 1, "title": title, "gridPos": _place(0, top, COLUMNS, 1), "panels": []})
        top, left, height = top + 1, 0, 4 if row[0].stat else 8
        for panel in row:
            if left + panel.width > COLUMNS:
                top, left = top + height, 0
            panels.append(_panel(panel, len(panels) + 1, _place(left, top, panel.width, height)))
            left += panel.width
        top += height
    whole = {
        "title": "Livepane",
        "uid": "livepane",
        "tags": ["livepane"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "15s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_SOURCES, _INSTANCES]},
        "panels": panels,
    }
    return json.dumps(whole, indent=1)


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": expr, "legendFormat": name}
        for at, (expr, name) in enumerate(panel.lines)
    ]
    return {
        "type": "stat" if panel.stat else "timeseries",
        "id": number,
        "title": panel.title,
        "description": panel.says,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if panel.stat else {"tooltip": {"mode": "multi"}},
    }


def _place(x: int, y: int, w: int, h: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": w, "h": h}


_SOURCES = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}
_INSTANCES = {
    "name": "instance",
    "label": "Gateway",
    "type": "query",
    "datasource": SOURCE,
    "query": {"query": "label_values(livepane_build_info, instance)", "refId": "instances"},
    "refresh": 2,
    "includeAll": True,
    "multi": True,
    "allValue": ".*",
    "current": {"text": "All", "value": "$__all"},
}
