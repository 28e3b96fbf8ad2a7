"""Every part of the made world: a board of each vendor that we read, and what companies make themselves."""

from __future__ import annotations

from importlib import import_module

from livepane.scrapers.job_postings.vendors.registry import MAIN
from tests.boards.own import answers, malformed, microdata, rendered, shut, static, structured

PARTS = tuple(
    module.parts
    for module in (
        *(import_module(f"tests.boards.vendors.{vendor.name}") for vendor in MAIN),
        structured,
        microdata,
        malformed,
        static,
        rendered,
        answers,
        shut,
    )
)
