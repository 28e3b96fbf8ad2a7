"""Every number that a dashboard or an alert asks for is one that a real server tells Prometheus."""

from __future__ import annotations

import json

import yaml

from tests.deploy.numbers import DEPLOY, of_alerts, of_dashboard, untold
from tests.serving import Server, server

__all__ = ["server"]


async def test_every_number_that_is_asked_for_is_told(server: Server) -> None:
    async with server.http() as client:
        told = (await client.get("/metrics")).raise_for_status().text
    assert of_dashboard()
    assert of_alerts()
    assert untold(told, alone=True) == []
    assert untold(told.replace("livepane_viewers", "livepane_watchers"), alone=True) != []


def test_prometheus_asks_by_names_that_the_gateways_answer_to() -> None:
    read = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    ((scrape,),) = [read["scrape_configs"]]
    targets = {target for config in scrape["static_configs"] for target in config["targets"]}
    allowed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["x-base"]["LIVEPANE_ALLOWED_HOSTS"].split(",")
    assert targets <= set(allowed)
    assert read["rule_files"] == ["alerts.yml"]
    assert "credentials_file" in scrape["authorization"]


def test_the_dashboard_fits_its_grid_and_every_panel_has_a_number_of_its_own() -> None:
    read = json.loads((DEPLOY / "grafana" / "livepane.json").read_text())
    panels = read["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in panels):
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert taken.isdisjoint(cells)
        assert max(x for x, _ in cells) < 24
        taken |= cells
