"""What somebody writes when they mean a company's web site."""

from __future__ import annotations

import pytest

from livepane.scrapers.contract import ScrapeError
from livepane.scrapers.ladder.target import parse, spellings


@pytest.mark.parametrize(
    ("given", "urls"),
    [
        ("acme.com", ("https://acme.com/", "https://www.acme.com/", "http://acme.com/")),
        (" Acme.COM ", ("https://acme.com/", "https://www.acme.com/", "http://acme.com/")),
        ("acme.co.uk", ("https://acme.co.uk/", "https://www.acme.co.uk/", "http://acme.co.uk/")),
        ("careers.acme.com", ("https://careers.acme.com/", "http://careers.acme.com/")),
        ("https://acme.com", ("https://acme.com/", "https://www.acme.com/")),
        ("http://acme.com/jobs?lang=en#top", ("http://acme.com/jobs?lang=en",)),
        ("acme.com/karriere", ("https://acme.com/karriere", "http://acme.com/karriere")),
        (
            "bücher.example",
            ("https://xn--bcher-kva.example/", "https://www.xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ),
        ("acme.com:8080", ("https://acme.com:8080/", "https://www.acme.com:8080/", "http://acme.com:8080/")),
        ("192.0.2.7", ("https://192.0.2.7/", "http://192.0.2.7/")),
        ("http://[::1]/", ("http://[::1]/",)),
        ("http://[2606:4700::1111]", ("http://[2606:4700::1111]/",)),
        ("[2606:4700::1111]:8443", ("https://[2606:4700::1111]:8443/", "http://[2606:4700::1111]:8443/")),
    ],
)
def test_a_domain_is_an_address_to_begin_with_and_others_when_nobody_answers(given: str, urls: tuple[str, ...]) -> None:
    assert parse(given).urls == urls


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "bad_target"),
        ("acme", "bad_target"),
        ("not a domain", "bad_target"),
        ("acme..com", "bad_target"),
        ("-acme.com", "bad_target"),
        ("jobs@acme.com", "bad_target"),
        ("https://user:secret@acme.com/", "bad_target"),
        ("https://", "bad_target"),
        ("http://[::1", "bad_target"),
        ("http://[::1]:99999/", "bad_target"),
        ("acme.com:99999", "bad_target"),
        ("x" * 3000 + ".com", "bad_target"),
        ("ftp://acme.com", "refused_target"),
        ("file:///etc/passwd", "refused_target"),
        ("javascript:alert(1)", "refused_target"),
    ],
)
def test_what_is_no_web_site_is_refused_by_name(given: str, code: str) -> None:
    with pytest.raises(ScrapeError) as refused:
        parse(given)
    assert refused.value.code == code
    assert repr(given.strip()[:80]) in refused.value.message


def test_the_spellings_of_one_target_belong_together_and_what_is_another_page_does_not() -> None:
    wanted = [
        *(
            "https://acme.com/",
            "ACME.com",
            "acme.com",
            " acme.com/ ",
            "http://acme.com",
            "acme.com/jobs",
            "https://acme.com/#top",
        ),
        *("nonsense here", "http://[::1]/", "acme.com", "Nonsense here", "bücher.example", "https://XN--BCHER-KVA.example"),
    ]

    assert spellings(wanted) == {
        "ACME.com": ["https://acme.com/", "ACME.com", "acme.com", " acme.com/ ", "https://acme.com/#top"],
        "http://acme.com": ["http://acme.com"],
        "acme.com/jobs": ["acme.com/jobs"],
        "nonsense here": ["nonsense here"],
        "http://[::1]/": ["http://[::1]/"],
        "Nonsense here": ["Nonsense here"],
        "bücher.example": ["bücher.example", "https://XN--BCHER-KVA.example"],
    }
