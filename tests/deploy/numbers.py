"""What a dashboard and alerts ask for, and what a server tells Prometheus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml
from prometheus_client.parser import text_string_to_metric_families

from scripts.house.tree import ROOT

DEPLOY = ROOT / "deploy"
OF_PROMETHEUS = {"up"}
ONLY_WHERE_SET = {"livepane_capture_fps_limit", "livepane_capture_fps_allowed"}
BETWEEN_NODES = "livepane_bus_"


def of_dashboard() -> list[str]:
    """Every expression of the dashboard, with Grafana's words replaced by values."""
    read: dict[str, Any] = json.loads((DEPLOY / "grafana" / "livepane.json").read_text())
    asked = [target["expr"] for panel in read["panels"] for target in panel.get("targets", ())]
    return [one.replace("$__rate_interval", "1m").replace("$instance", ".*") for one in asked]


def of_alerts() -> list[str]:
    """Every expression of an alert."""
    read = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    return [rule["expr"] for group in read["groups"] for rule in group["rules"]]


def untold(told: str, *, alone: bool) -> list[str]:
    """Which names and labels are asked for that are not in this answer of `/metrics`; `alone`: of a server without others."""
    families = list(text_string_to_metric_families(told))
    names = {name for one in families for name in _names(one)} | ONLY_WHERE_SET | OF_PROMETHEUS
    labels = {sample.name: set(sample.labels) | {"instance", "job"} for one in families for sample in one.samples}
    lacking = []
    for selector in (one for text in [*of_dashboard(), *of_alerts()] for one in _selected(promql_parser.parse(text))):
        if alone and selector.name.startswith(BETWEEN_NODES):
            continue
        if selector.name not in names:
            lacking.append(selector.name)
        asked = {matcher.name for matcher in selector.matchers.matchers}
        lacking += [f"{selector.name}{{{one}}}" for one in asked - labels.get(selector.name, asked)]
    return lacking


def _selected(node: Any) -> Iterator[Any]:
    """Every selector of an expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "args"):
        below = getattr(node, name, None)
        for one in below if isinstance(below, list) else [below] if below is not None else []:
            yield from _selected(one)


def _names(family: Any) -> list[str]:
    """What its samples are called, whether there is one now or not."""
    if family.type == "histogram":
        return [f"{family.name}_{part}" for part in ("bucket", "sum", "count")]
    return [f"{family.name}_total"] if family.type == "counter" else [family.name, *(sample.name for sample in family.samples)]
