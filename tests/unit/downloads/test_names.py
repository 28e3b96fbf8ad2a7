"""Names of files: whatever a page calls them, every file system takes them, and nobody is led astray by them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livepane.downloads.names import EXTENSIONS, LONGEST, extensions, safe_folder, safe_name, same_name

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}
NASTY = st.text(st.sampled_from('./\\:\0\n\t\u202e\u200f\u200b\ud800\U0010ffffaAéé—ßſİ😀 ~-_?*|"<>%2F\x7f'), max_size=60)
WORDS = (
    NASTY | st.text(max_size=400) | st.sampled_from(["con", "NUL.jpg", "com¹.png", "..", ".", "", "../../etc/passwd", "a" * 400])
)
TYPES = st.sampled_from([*EXTENSIONS, "application/octet-stream", "text/html"])


def fits(name: str) -> bool:
    """Whether every usual file system takes that name for one file, in the folder where it is made."""
    return (
        0 < len(name.encode()) <= 255
        and len(unicodedata.normalize("NFD", name).encode()) <= 255
        and name == unicodedata.normalize("NFC", name)
        and not set(name) & set('<>:"/\\|?*')
        and all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Co") for char in name)
        and name[0] not in " .-~"
        and name[-1] not in " ."
        and name.partition(".")[0].strip().lower() not in DEVICES
        and Path(name).name == name
    )


@given(WORDS | st.none(), WORDS.map("https://e.example/{}".format) | WORDS, TYPES)
@example("../../../etc/passwd", "", "image/jpeg")
@example("nul", "", "application/octet-stream")
@example("e\u0301" * 300 + ".jpg", "", "image/jpeg")
@example("\u202egpj.exe", "", "image/png")
@example(None, "https://[::1/a.jpg", "image/png")
def test_every_name_is_safe_on_every_file_system_and_says_what_the_file_is(name: str | None, url: str, media_type: str) -> None:
    safe = safe_name(name, url, media_type)
    assert fits(safe)
    assert safe.rpartition(".")[2] in extensions(media_type)
    assert safe_name(safe, url, media_type) == safe  # a name that is safe stays as it is


@given(st.lists(WORDS, max_size=30))
def test_no_two_files_of_a_folder_have_one_name_whatever_its_case_and_composition(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        safe = safe_name(name, "", "image/jpeg", taken=lambda one: same_name(one) in taken)
        assert fits(safe)
        assert same_name(safe) not in taken
        taken.add(same_name(safe))


def test_the_ten_thousandth_picture_of_one_name_is_not_compared_with_all_before_it() -> None:
    taken = {same_name("image.jpg"), *(same_name(f"image ({number}).jpg") for number in range(2, 10_001))}
    asked = []

    def is_taken(name: str) -> bool:
        asked.append(name)
        return same_name(name) in taken

    assert safe_name("image.jpg", "", "image/jpeg", taken=is_taken) == "image (10001).jpg"
    assert len(asked) < 40


@pytest.mark.parametrize(
    ("name", "url", "media_type", "safe"),
    [
        (None, "https://e.example/a/b%20c.JPG?w=3#x", "image/jpeg", "b c.jpg"),
        (None, "https://e.example/a/b.php", "image/png", "b.png"),  # what answers is not what it is
        (None, "https://e.example/photo.jpg", "image/webp", "photo.webp"),
        (None, "https://e.example/photo.jpeg", "image/jpeg", "photo.jpeg"),
        (None, "https://e.example/view/", "image/jpeg", "view.jpg"),
        (None, "https://e.example/", "video/mp4", "e.example.mp4"),
        (None, "data:image/png;base64,iVBORw0KGgo=", "image/png", "untitled.png"),
        (None, "https://e.example/..%2f..%2fx.jpg", "image/jpeg", "x.jpg"),
        ("AC/DC: live?", "", "image/jpeg", "AC_DC_ live_.jpg"),
        ("v1.2 of it", "", "image/png", "v1.2 of it.png"),
        ("Straße.PNG", "", "image/png", "Straße.png"),
        ("\0\x1b[31mred\x7f.gif", "", "image/gif", "[31mred.gif"),
        ("CON.aux.jpg", "", "image/jpeg", "_CON.aux.jpg"),
        ("trailing. . .", "", "image/jpeg", "trailing.jpg"),
        (".htaccess", "", "image/jpeg", "htaccess.jpg"),
        ("--rm -rf.jpg", "", "image/jpeg", "rm -rf.jpg"),
        ("holiday.svg", "", "application/octet-stream", "holiday.bin"),
    ],
)
def test_names_stay_as_near_to_what_they_were_as_can_be(name: str | None, url: str, media_type: str, safe: str) -> None:
    assert safe_name(name, url, media_type) == safe


@given(st.lists(WORDS, max_size=4))
def test_a_folder_is_called_by_words_that_fit_into_an_address(words: list[str]) -> None:
    folder = safe_folder(*words)
    assert fits(folder)
    assert folder.isascii()
    assert set(folder) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert len(folder) <= LONGEST


def test_two_names_of_folders_that_lose_something_stay_two() -> None:
    assert safe_folder("example.com", "gallery") == "example.com-gallery"
    assert safe_folder("example.com", "fastdl", None, "ann") == "example.com-fastdl-ann"
    assert len({safe_folder("x", "Ünal"), safe_folder("x", "Önal"), safe_folder("x", "nal"), safe_folder("x", "ünal")}) == 4
    assert len({safe_folder("x", "a" * 300 + "1"), safe_folder("x", "a" * 300 + "2")}) == 2
