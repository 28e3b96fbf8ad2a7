"""Every document of the made boards gives what is true of it."""

from __future__ import annotations

import pytest

from livepane.scrapers.job_postings.extract import extract
from tests.boards import Sheet, offline
from tests.boards.judge import judge

WORLD = offline()


@pytest.mark.parametrize("sheet", WORLD.sheets, ids=lambda sheet: f"{sheet.kind}: {sheet.variant} {sheet.url.rpartition('/')[2]}")
def test_a_made_document_gives_what_is_true_of_it(sheet: Sheet) -> None:
    reply = WORLD.web.fetch(sheet.url, sheet.post)
    found = extract(reply.content, sheet.url, now=WORLD.web.now, content_type=reply.content_type)
    assert ((found.error or "").partition(":")[0], found.needs_escalation) == (sheet.error, sheet.needs_escalation), found.steps
    if sheet.ats:
        assert (found.detect.ats, found.detect.token) == (sheet.ats, sheet.token)
    if sheet.next_page:
        assert found.next_page == sheet.next_page
    judgement = judge([job.as_dict() for job in found.jobs], sheet.jobs, sheet.kind)
    assert judgement.faults == []
