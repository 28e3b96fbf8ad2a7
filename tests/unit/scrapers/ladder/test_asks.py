"""Where boards are asked for, and how their next page is."""

from __future__ import annotations

import pytest

from livepane.scrapers.job_postings.detect import Detection
from livepane.scrapers.ladder.asks import Ask, asks, detail, following
from tests.unit.scrapers.reading import read

HOME = "https://www.acme.com/"
CAREERS = "https://www.acme.com/careers"


@pytest.mark.parametrize(
    ("ats", "token", "url", "first"),
    [
        ("greenhouse", "acme", "", "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"),
        ("greenhouse", "acme", "https://job-boards.eu.greenhouse.io/acme", "https://boards-api.eu.greenhouse.io/v1/boards/acme/jobs?content=true"),
        ("lever", "acme", "https://jobs.eu.lever.co/acme", "https://api.eu.lever.co/v0/postings/acme?mode=json&skip=0&limit=100"),
        ("ashby", "Acme Inc", "", "https://api.ashbyhq.com/posting-api/job-board/Acme%20Inc?includeCompensation=true"),
        ("smartrecruiters", "Acme1", "", "https://careers.smartrecruiters.com/Acme1"),
        ("personio", "acme", "https://acme.jobs.personio.com/?language=de", "https://acme.jobs.personio.com/xml?language=en"),
        ("teamtailor", "acme", "https://acme.na.teamtailor.com/jobs", "https://acme.na.teamtailor.com/jobs.json"),
        ("teamtailor", None, "", "https://www.acme.com/jobs.json"),
        ("icims", "acme", "https://uscareers-acme.icims.com/jobs/intro", "https://uscareers-acme.icims.com/jobs/search?ss=1&pr=0&in_iframe=1"),
        ("eightfold", "acme", "https://acme.eightfold.ai/careers", "https://acme.eightfold.ai/api/apply/v2/jobs?domain=acme.com&start=0&num=10"),
        ("oracle", "eeho", "https://eeho.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/jobs", "https://eeho.fa.us2.oraclecloud.com/hcmRestApi/resources/latest/recruitingCEJobRequisitions?onlyData=true&expand=requisitionList.secondaryLocations&finder=findReqs;siteNumber=CX_1,limit=100,offset=0"),
        ("breezy", "acme", "", "https://acme.breezy.hr/json"),
    ],
)  # fmt: skip
def test_a_board_is_asked_where_its_vendor_answers(ats: str, token: str | None, url: str, first: str) -> None:
    assert asks(Detection(ats, token, "link", 1, url), CAREERS, HOME)[0].url == first


def test_a_number_of_a_widget_names_no_board() -> None:
    assert asks(Detection("workable", "512345", "script", 3), CAREERS, HOME) == []
    assert asks(Detection("taleo", "acme", "link", 1), CAREERS, HOME) == []


def test_workday_is_asked_by_post_and_twenty_rows_at_a_time() -> None:
    url = "https://acme.wd5.myworkdayjobs.com/en-US/External_Site/job/Berlin/Smith_R-1"
    (first,) = asks(Detection("workday", "acme", "link", 1, url), CAREERS, HOME)
    assert first.url == "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External_Site/jobs"
    rows = [{"title": f"Smith {n}", "externalPath": f"/job/Berlin/Smith_R-{n}", "locationsText": "Berlin"} for n in range(20)]
    answer = read({"total": 45, "jobPostings": rows}, first.read_as)
    second = following(first, answer, 20)
    assert second is not None
    assert second.body == {"appliedFacets": {}, "limit": 20, "offset": 20, "searchText": ""}
    assert detail("workday", first, "R-7", answer.jobs[7].url) == (
        "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External_Site/job/Berlin/Smith_R-7"
    )


def test_a_search_that_moves_on_by_a_token_gets_it_in_its_body() -> None:
    ask = asks(Detection("workable", "acme", "link", 1), CAREERS, HOME)[1]
    answer = read({"total": 2, "results": [{"shortcode": "A1", "title": "Smith"}], "nextPage": "t0k3n"}, ask.read_as)
    after = following(ask, answer, 1)
    assert after is not None
    assert after.body["token"] == "t0k3n"
    assert "limit" not in after.body  # it would be answered by 400


def test_ukg_is_asked_until_its_total_is_reached() -> None:
    url = "https://recruiting2.ultipro.com/ACM1000/JobBoard/0f1e/?q="
    (ask,) = asks(Detection("ukg", "ACM1000", "link", 1, url), CAREERS, HOME)
    answer = read({"opportunities": [{"Id": "1", "Title": "Smith"}], "totalCount": 2}, ask.url)
    after = following(ask, answer, 1)
    assert after is not None
    assert after.body["opportunitySearch"]["Skip"] == 1
    assert following(after, answer, 2) is None


def test_a_list_without_a_next_page_is_at_its_end() -> None:
    ask = Ask("https://acme.breezy.hr/json")
    assert following(ask, read([{"friendly_id": "a", "name": "Smith", "url": "https://acme.breezy.hr/p/a"}], ask.url), 1) is None
