"""A file that is gone on with is of one version, whatever the server says."""

from __future__ import annotations

from pathlib import Path

import pytest

from livepane.downloads.transfer import Part, Unfit

URL = "https://pictures.example/1.jpg"
MONDAY, TUESDAY = "Mon, 01 Jan 2024 00:00:00 GMT", "Tue, 02 Jan 2024 00:00:00 GMT"


def half(path: Path, **head: str) -> Part:
    """Ten bytes are promised and five have come; then the rest is asked for."""
    first = Part(path)
    first.begin(URL, 200, {"content-length": "10", **named(head)})
    first.write([b"01234"])
    first.close()
    part = Part(path)
    assert part.resume(URL)["range"] == "bytes=5-"
    return part


def named(head: dict[str, str]) -> dict[str, str]:
    """As headers are called."""
    return {name.replace("_", "-"): value for name, value in head.items()}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"etag": '"a"'}, {"etag": '"b"'}),
        ({"etag": '"a"'}, {}),
        ({"etag": '"a"'}, {"etag": 'W/"b"'}),
        ({"etag": '"a"'}, {"last_modified": MONDAY}),
        ({"last_modified": MONDAY}, {"last_modified": TUESDAY}),
    ],
)
def test_a_part_of_another_version_is_not_put_behind_what_is_there(
    tmp_path: Path, before: dict[str, str], now: dict[str, str]
) -> None:
    part = half(tmp_path / "one.part", **before)
    with pytest.raises(Unfit):
        part.begin(URL, 206, {"content-range": "bytes 5-9/10", **named(now)})
    assert part.received == 0


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"etag": '"a"', "last_modified": MONDAY}, {"etag": '"a"', "last_modified": TUESDAY}),
        ({"last_modified": MONDAY}, {"last_modified": MONDAY}),
        ({"last_modified": MONDAY}, {}),
    ],
)
def test_a_part_of_the_same_version_goes_on(tmp_path: Path, before: dict[str, str], now: dict[str, str]) -> None:
    part = half(tmp_path / "one.part", **before)
    part.begin(URL, 206, {"content-range": "bytes 5-9/10", **named(now)})
    part.write([b"56789"])
    assert part.whole
    part.close()
    assert (tmp_path / "one.part").read_bytes() == b"0123456789"
