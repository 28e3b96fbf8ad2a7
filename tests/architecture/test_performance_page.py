"""The page of measurements: each bench has a section of its own, which says when and where it was measured."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.parts.page import PAGE, section, sections, with_sections
from benchmarks.parts.report import Report


def report(title: str, figure: float) -> Report:
    one = Report("some", title, ["what", "ms"])
    one.row("a row", figure)
    return one


def test_a_bench_replaces_its_own_section_and_no_other() -> None:
    before = with_sections("", {name: section([report(f"About {name}", 1.0)], 0.1) for name in NAMES}, NAMES)
    after = with_sections(before, {"idle": section([report("About idle", 2.0), report("And more", 3.0)], 0.4)}, NAMES)
    old, new = sections(before), sections(after)
    assert list(new) == list(NAMES)
    assert {name: text for name, text in new.items() if name != "idle"} == {
        name: text for name, text in old.items() if name != "idle"
    }
    assert "| a row | 2.00 |" in new["idle"]
    assert "## And more" in new["idle"]
    assert "| a row | 1.00 |" not in new["idle"]
    assert "up to 0.40 cores" in new["idle"]


def test_a_bench_that_was_never_measured_gets_its_place_in_the_order() -> None:
    page = with_sections("", {name: section([report(name, 1.0)], 0) for name in NAMES if name != "rival"}, NAMES)
    assert list(sections(with_sections(page, {"rival": section([report("rival", 1.0)], 0)}, NAMES))) == list(NAMES)


def test_the_section_of_a_bench_that_is_gone_goes_too() -> None:
    page = with_sections("", {"idle": section([report("idle", 1.0)], 0), "wall": section([report("wall", 1.0)], 0)}, NAMES)
    assert list(sections(with_sections(page, {}, ["idle"]))) == ["idle"]


def test_the_page_as_it_is_can_be_kept_up_section_by_section() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_sections(page, {}, NAMES) == page


@pytest.mark.parametrize("name", list(sections(PAGE.read_text(encoding="utf-8"))))
def test_a_section_says_when_and_where_it_was_measured(name: str) -> None:
    text = sections(PAGE.read_text(encoding="utf-8"))[name]
    assert text.startswith("## ")
    said = re.search(
        r"^_Measured on \d\d \w+ \d{4}: .*, \d+ cores, \d+ GiB, .*\. Other processes used up to .* cores\._$", text, re.MULTILINE
    )
    assert said, text[:300]
