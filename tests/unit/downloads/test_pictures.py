"""Pictures of strangers: compared and shown small, and never opened when they claim too much."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from livepane.downloads.errors import NoPicture
from livepane.downloads.pictures import preview
from livepane.downloads.similar import SAME_PICTURE, similarity
from tests.pictures import broken_inside, decoded, png_claiming, without_end
from tests.unit.downloads.kept import photo

SCENE = decoded(photo(1, 1200, 900))


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


WHOLE = encoded(SCENE)


def figure(folder: Path, left: bytes, right: bytes) -> float | None:
    (folder / "left").write_bytes(left)
    (folder / "right").write_bytes(right)
    return similarity(folder / "left", folder / "right")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("small", encoded(SCENE.resize((120, 90)), "JPEG")),
        ("tiny", encoded(SCENE.resize((40, 30)), "PNG")),
        ("poor", encoded(SCENE, "JPEG", quality=15)),
        ("another format", encoded(SCENE, "WEBP", quality=40)),
        ("few colours", encoded(SCENE.quantize(64), "GIF")),
        ("cut to a square", encoded(SCENE.crop((150, 0, 1050, 900)).resize((200, 200)))),
        ("cut to a strip", encoded(SCENE.crop((0, 200, 1200, 700)).resize((480, 200)))),
        ("cut at its edges", encoded(SCENE.crop((60, 45, 1140, 855)).resize((320, 240)))),
        ("pressed into a square", encoded(SCENE.resize((300, 300)))),
        ("with a mark in it", encoded(Image.composite(Image.new("RGB", (1200, 900)), SCENE, Image.new("1", (1200, 900), 0)))),
        ("transparent at no place", encoded(SCENE.convert("RGBA"))),
    ],
)
def test_a_picture_is_known_again_however_it_was_made_smaller(tmp_path: Path, name: str, other: bytes) -> None:
    found = figure(tmp_path, WHOLE, other)
    assert found is not None
    assert found > SAME_PICTURE + 0.15, name
    assert figure(tmp_path, other, WHOLE) == pytest.approx(found, abs=0.02)


def test_other_pictures_are_told_apart(tmp_path: Path) -> None:
    figures = [figure(tmp_path, photo(one, 320, 240), photo(one + 100, 800, 600)) for one in range(12)]
    assert max(one for one in figures if one is not None) < SAME_PICTURE - 0.3
    upside_down = figure(tmp_path, WHOLE, encoded(SCENE.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    assert upside_down is not None
    assert upside_down < SAME_PICTURE
    blank = [encoded(Image.new("RGB", (64, 64), colour)) for colour in ("white", "black", "white")]
    assert figure(tmp_path, blank[0], blank[2]) == 1
    assert (figure(tmp_path, blank[0], blank[1]) or 0) < SAME_PICTURE


def test_of_what_is_no_picture_nobody_says_how_similar_it_is(tmp_path: Path) -> None:
    for other in (b"", b"<svg/>", png_claiming(60_000, 60_000), without_end(WHOLE)):
        assert figure(tmp_path, WHOLE, other) is None


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [
        (png_claiming(60_000, 60_000), "60000 x 60000 px|more pixels"),
        (png_claiming(8_000, 8_000), "8000 x 8000 px"),
        (broken_inside(photo(1, 64, 48)), "cannot be decoded"),
        (without_end(WHOLE), "cannot be decoded"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be shown"),
        (b"", "no picture that can be shown"),
    ],
)
def test_no_preview_is_made_of_what_is_too_large_or_broken(tmp_path: Path, bytes_: bytes, said: str) -> None:
    path = tmp_path / "it.png"
    path.write_bytes(bytes_)
    with pytest.raises(NoPicture, match=said) as refused:
        preview(path, 320, 320)
    assert "it.png" in refused.value.message


@given(bytes_=st.binary(max_size=200) | st.builds(lambda at, byte: _harmed(at, byte), st.integers(0, 2000), st.integers(0, 255)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_is_a_preview_or_a_reason_comes_of_it(tmp_path: Path, bytes_: bytes) -> None:
    path = tmp_path / "it"
    path.write_bytes(bytes_)
    with suppress(NoPicture):
        assert max(decoded(preview(path, 64, 64)).size) <= 64


def test_a_preview_is_the_right_way_up_on_white_and_never_larger_than_it_was(tmp_path: Path) -> None:
    path = tmp_path / "it"
    lying = Image.new("RGB", (6000, 2000), "red")
    exif = lying.getexif()
    exif[0x0112] = 6  # turned by a quarter
    path.write_bytes(encoded(lying, "JPEG", exif=exif))
    assert decoded(preview(path, 320, 320)).size == (107, 320)
    path.write_bytes(encoded(lying.resize((60, 20)), "PNG", exif=exif))
    assert decoded(preview(path, 320, 320)).size == (20, 60)
    path.write_bytes(encoded(Image.new("RGBA", (640, 320), (0, 0, 0, 0))))
    clear = decoded(preview(path, 320, 320))
    assert (clear.size, clear.getpixel((5, 5))) == ((320, 160), (255, 255, 255))
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("green", "blue")]
    path.write_bytes(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert decoded(preview(path, 320, 320)).getpixel((5, 5)) == pytest.approx((0, 128, 0), abs=6)


def _harmed(at: int, byte: int) -> bytes:
    """A small picture with one byte that is another."""
    data = bytearray(photo(9, 48, 36, form="JPEG" if at % 2 else "WEBP"))
    data[at % len(data)] = byte
    return bytes(data)
