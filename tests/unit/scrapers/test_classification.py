"""What the words of a posting mean, with the traps that others have fallen into."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from livepane.scrapers.job_postings import dates
from livepane.scrapers.job_postings.classify.employment import is_contract, kind_of
from livepane.scrapers.job_postings.classify.family import family_of
from livepane.scrapers.job_postings.classify.level import seniority
from livepane.scrapers.job_postings.classify.titles import is_evergreen, may_be_title, names_a_role
from livepane.scrapers.job_postings.classify.workplace import workplace

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Senior Software Engineer", "senior"),
        ("Sr. Analyst", "senior"),
        ("Junior Developer (m/f/d)", "entry"),
        ("Software Engineer", ""),
        ("Software Engineer II", "mid"),
        ("Software Engineer III", "senior"),
        ("Staff Engineer", "staff"),
        ("Principal Designer", "principal"),
        ("Tech Lead", "lead"),
        ("Lead Data Scientist", "lead"),
        ("Teamleiter Logistik (m/w/d)", "lead"),
        ("Engineering Manager", "manager"),
        ("Store Manager", "manager"),
        ("Director of Sales", "director"),
        ("Associate Director, Clinical", "director"),
        ("Head of People", "director"),
        ("VP Engineering", "vp"),
        ("Vice President, Finance", "vp"),
        ("Chief Technology Officer", "executive"),
        ("CTO", "executive"),
        ("Geschäftsführer (m/w/d)", "executive"),
        ("Marketing Intern", "intern"),
        ("Werkstudent Marketing (m/w/d)", "intern"),
        ("Praktikum im Einkauf", "intern"),
        ("Ausbildung zum Koch (m/w/d)", "intern"),
        ("Stage - Assistant Marketing H/F", "intern"),
        ("Becario de Finanzas", "intern"),
        # traps
        ("Cook", ""),
        ("Chief of Staff", ""),
        ("Lead Generation Specialist", ""),
        ("Senior Living Nurse", ""),
        ("Account Executive", ""),
        ("Sales Lead", "lead"),
        ("Executive Assistant", ""),
        ("International Sales Representative", ""),
        ("Internal Auditor", ""),
        ("Product Manager", ""),
        ("Head Chef", ""),
        ("Staff Accountant", ""),
        ("Coordinator", ""),
        ("Senior Product Manager", "senior"),
        ("Project Manager", ""),
        ("Junior High Teacher", ""),
        ("Media Director", "director"),
    ],
)
def test_the_level_in_a_title(title: str, level: str) -> None:
    assert seniority(title)[0] == level


def test_the_level_that_is_stated_and_the_years_come_after_the_title() -> None:
    assert seniority("Engineer", "entry-level") == ("entry", "stated")
    assert seniority("Senior Engineer", "entry-level") == ("senior", "title")
    assert seniority("Engineer", "", "You have 5+ years of experience in Go.") == ("senior", "years")
    assert seniority("Engineer", "", "At least 2 years of relevant professional experience") == ("mid", "years")
    assert seniority("Engineer", "", "Our company has 20 years.") == ("", "")


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Backend Engineer", "engineering"),
        ("Softwareentwickler (m/w/d)", "engineering"),
        ("Data Scientist", "data"),
        ("Product Manager", "product"),
        ("Product Marketing Manager", "marketing"),
        ("Product Designer", "design"),
        ("Sales Engineer", "sales"),
        ("Account Executive", "sales"),
        ("Customer Success Manager", "support"),
        ("Buchhalter (m/w/d)", "finance"),
        ("Technical Recruiter", "people"),
        ("Legal Counsel", "legal"),
        ("Systemadministrator", "it"),
        ("Registered Nurse", "healthcare"),
        ("Pflegefachkraft", "healthcare"),
        ("Elektroniker", "skilled_trades"),
        ("Warehouse Associate", "operations"),
        ("Sous Chef", "hospitality"),
        ("Lehrer Mathematik", "education"),
        ("Unternehmensberater", "consulting"),
        ("Contract Manager", "legal"),
        ("Reinigungskraft", "cleaning"),
        ("Zauberer", ""),
    ],
)
def test_the_family_of_a_title(title: str, family: str) -> None:
    assert family_of(title) == family


def place(**said: Any) -> tuple[str, list[str]]:
    """The workplace with everything unsaid that is not named."""
    return workplace(**{"stated": "", "remote": None, "title": "Engineer", "locations": [], "employment": "", "body": "", **said})


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"stated": "Hybrid", "remote": True}, "hybrid"),
        ({"stated": "on_site", "remote": True}, "onsite"),
        ({"stated": "REMOTE"}, "remote"),
        ({"stated": "Fully Remote"}, "remote"),
        ({"remote": True}, "remote"),
        ({"locations": ["Remote - US"]}, "remote"),
        ({"locations": ["Berlin (hybrid)"]}, "hybrid"),
        ({"title": "Engineer (Remote)"}, "remote"),
        ({"title": "Engineer, Hybrid, 2 days"}, "hybrid"),
        ({"body": "This role is fully remote within Europe."}, "remote"),
        ({"body": "You will be in the office 3 days per week in our office."}, "hybrid"),
        ({"body": "This position is on-site in Graz."}, "onsite"),
        ({"stated": "Distansarbete"}, "remote"),
        ({"stated": "Hjemmekontor"}, "remote"),
        ({"stated": "Op afstand"}, "remote"),
        ({"stated": "Etätyö"}, "remote"),
        ({"stated": "Telework"}, "remote"),
        ({"stated": "Hybridarbete"}, "hybrid"),
        ({"stated": "Mobiles Arbeiten"}, "hybrid"),
        ({"stated": "ORA_HYBRID"}, "hybrid"),
        ({"locations": ["Virtual - USA"]}, "remote"),
        ({"locations": ["Anywhere in the US"]}, "remote"),
        ({"locations": ["Remote 1 day a week, Leeds"]}, "hybrid"),
        ({"title": "Entwickler (2 Tage Homeoffice)"}, "hybrid"),
        # traps
        ({"title": "Manager, Remote Work Programs"}, "onsite"),
        ({"title": "Virtual Assistant"}, "onsite"),
        ({"title": "Policy Advisor, Home Office"}, "onsite"),
        ({"title": "Remote Sensing Scientist"}, "onsite"),
        ({"title": "Hybrid Cloud Architect"}, "onsite"),
        ({"body": "We sell hybrid vehicles and hybrid cloud."}, "onsite"),
        ({"body": "Our team works from anywhere in the world."}, "onsite"),
        ({"body": "Note: this is not a remote role."}, "onsite"),
        ({"locations": ["Remote, Oregon"]}, "onsite"),
        ({"locations": ["Remote-India (PEO)"]}, "onsite"),
        ({"title": "Engineer (no remote)"}, "onsite"),
    ],
)
def test_where_the_work_is_done(said: dict[str, Any], kind: str) -> None:
    assert place(**said)[0] == kind


def test_what_nobody_says_is_assumed_and_what_contradicts_is_marked() -> None:
    assert place() == ("onsite", ["location_type:assumed"])
    assert "conflict:remote" in place(stated="remote", body="Onsite 5x per week, five days per week in the office.")[1]
    assert "conflict:remote" not in place(stated="remote", body="We like hybrid clouds.")[1]


@pytest.mark.parametrize(
    ("stated", "title", "kind", "contract"),
    [
        ("Full-time", "Engineer", "full_time", False),
        ("FULL_TIME", "Sales Intern", "internship", False),
        ("Vollzeit", "Koch", "full_time", False),
        ("Teilzeit", "Koch", "part_time", False),
        ("CDI", "Comptable", "full_time", False),
        ("CDD", "Comptable", "temporary", True),
        ("Contractor", "Designer", "contract", True),
        ("freelance", "Designer", "contract", True),
        ("Permanent contract", "Designer", "full_time", False),
        ("befristet", "Referent", "temporary", True),
        ("unbefristet, Teilzeit", "Referent", "part_time", False),
        ("TEMPORARY", "Picker", "temporary", False),
        ("PER_DIEM", "Nurse", "per_diem", False),
        ("VOLUNTEER", "Guide", "volunteer", False),
        ("OTHER", "Engineer", "other", False),
        ("permanent_part_time", "Nurse", "part_time", False),
        ("regular_part_time", "Nurse", "part_time", False),
        ("HOURLY_PT", "Nurse", "part_time", False),
        ("SALARIED_FT", "Nurse", "full_time", False),
        ("traineeship", "Nurse", "internship", False),
        ("Umowa o pracę", "Nurse", "", False),
        ("Non-exempt", "Nurse", "", False),
        ("Vollzeit/Teilzeit", "Koch", "full_time", False),
        ("FULL_TIME / PART_TIME", "Koch", "full_time", False),
        ("", "Koch (m/w/d) in Vollzeit oder Teilzeit", "full_time", False),
        ("", "Koch (m/w/d) in Voll- oder Teilzeit", "full_time", False),
        ("Permanent - Part Time", "Koch", "part_time", False),
        ("80-100%", "Koch", "full_time", False),
        ("", "Engineer", "", False),
        ("plný úvazek", "Skladník", "full_time", False),
        ("", "Ausbildung Mechatroniker", "apprenticeship", False),
        ("", "Contract Manager", "", False),
        ("", "Contracts Counsel", "", False),
        ("", "Engineer (Contract)", "contract", True),
        ("", "Freelance Writer", "contract", True),
        ("", "Smart Contract Engineer", "", False),
        ("", "Interim CFO", "contract", True),
        ("B2B", "Programista", "contract", True),
        ("", "Internship Program Manager", "", False),
        ("", "Student Success Advisor", "", False),
        ("", "Stage Manager", "", False),
    ],
)
def test_the_kind_of_employment(stated: str, title: str, kind: str, contract: bool) -> None:
    assert (kind_of(stated, title)[0], is_contract(stated, title)) == (kind, contract)


@pytest.mark.parametrize(
    "title",
    [
        "Talent Pool",
        "Join our Talent Community",
        "General Application",
        "Initiativbewerbung (m/w/d)",
        "Åpen søknad",
        "Candidature spontanée",
        "Don't see the right role?",
        "Spontanansökan",
        "Open sollicitatie",
        "Candidatura espontánea",
    ],
)
def test_what_stands_for_no_particular_job(title: str) -> None:
    assert is_evergreen(title)


@pytest.mark.parametrize(
    "title", ["Talent Partner", "General Manager", "Open Source Engineer", "Application Engineer", "Community Manager"]
)
def test_real_jobs_are_not_evergreen(title: str) -> None:
    assert not is_evergreen(title)


@pytest.mark.parametrize(
    "text",
    [
        "Apply now",
        "View all jobs",
        "Health insurance",
        "Our values",
        "Learn more about us",
        "Weiterlesen",
        "Stellenangebote",
        "We are building a team. Come and see us.",
        "12",
        "jobs@acme.com",
        "Postuler",
        "Next",
        "Engineering" * 20,
    ],
)
def test_what_is_no_title(text: str) -> None:
    assert not (may_be_title(text) and names_a_role(text))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-11-15", "2026-11-15T00:00:00Z"),
        ("2026-8-24 15:09 UTC", "2026-08-24T15:09:00Z"),
        ("2026-11-02 08:00:00 UTC", "2026-11-02T08:00:00Z"),
        ("2026-11-15T10:00:00.000+0100", "2026-11-15T09:00:00Z"),
        ("2026-11-15T10:00:00-05:00", "2026-11-15T15:00:00Z"),
        (1794787200000, "2026-11-16T00:00:00Z"),
        (1794787200, "2026-11-16T00:00:00Z"),
        ("1794787200", "2026-11-16T00:00:00Z"),
        ("Mon, 02 Nov 2026 10:00:00 +0100", "2026-11-02T09:00:00Z"),
        ("Posted Today", "2026-11-20T12:00:00Z"),
        ("Posted Yesterday", "2026-11-19T12:00:00Z"),
        ("Posted 30+ Days Ago", "2026-10-21T12:00:00Z"),
        ("vor 3 Tagen", "2026-11-17T12:00:00Z"),
        ("il y a 2 semaines", "2026-11-06T12:00:00Z"),
        ("hace un mes", "2026-10-21T12:00:00Z"),
        ("12. März 2026", "2026-03-12T00:00:00Z"),
        ("March 12, 2026", "2026-03-12T00:00:00Z"),
        ("12 de marzo de 2026", "2026-03-12T00:00:00Z"),
        ("31.10.2026", "2026-10-31T00:00:00Z"),
        ("25/12/2025", "2025-12-25T00:00:00Z"),
        ("03/04/2026", None),
        ("Posted on: 11/13/2026", "2026-11-13T00:00:00Z"),
        ("Veröffentlicht am 12.11.2026", "2026-11-12T00:00:00Z"),
        ("11/12/2026 4:03 PM (1 week ago)", "2026-11-13T12:00:00Z"),
        ("20261115", "2026-11-15T00:00:00Z"),
        ("soon", None),
        (None, None),
        (True, None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        (10**30, None),
        ("2026-02-31", None),
        ({"$date": "2026-11-15"}, "2026-11-15T00:00:00Z"),
    ],
)
def test_dates_as_boards_write_them(said: Any, expected: str | None) -> None:
    assert dates.iso(dates.parse(said, NOW)) == expected


@pytest.mark.parametrize(
    ("column", "language", "order"),
    [
        (["10/11/2026", "28/10/2026"], "", "dmy"),
        (["10/11/2026", "10/28/2026"], "es", "mdy"),
        (["10/11/2026"], "es", "dmy"),
        (["10/11/2026"], "en-US", "mdy"),
        (["10/11/2026"], "en", ""),
        (["11/12/2026"], "", "mdy"),  # the eleventh of December is to come
        (["28/10/2026", "10/28/2026"], "es", ""),
        ([None, 5, "soon"], "", ""),
    ],
)
def test_a_column_of_dates_says_whether_the_day_comes_first(column: list[Any], language: str, order: str) -> None:
    assert dates.order_of(column, language, NOW) == order


def test_an_ambiguous_date_follows_its_column() -> None:
    assert dates.iso(dates.parse("10/11/2026", NOW, "dmy")) == "2026-11-10T00:00:00Z"
    assert dates.iso(dates.parse("10/11/2026", NOW, "mdy")) == "2026-10-11T00:00:00Z"
