"""Motion JPEG, read back by a parser of its own."""

from __future__ import annotations

from email.parser import BytesHeaderParser

from livepane.domain.frame import Encoding, Picture
from livepane.wire import mjpeg


def parts(body: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Parts of a multipart body by their Content-Length; every byte must belong to something."""
    found = []
    marker = b"--" + mjpeg.BOUNDARY + b"\r\n"
    assert body.startswith(marker)
    rest = body[len(marker) :]
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        headers = {name.lower(): value for name, value in BytesHeaderParser().parsebytes(head).items()}
        length = int(headers["content-length"])
        found.append((headers, rest[:length]))
        assert rest[length:].startswith(b"\r\n" + marker)
        rest = rest[length + 2 + len(marker) :]
    return found


def test_parts_are_read_back_whatever_the_pictures_hold() -> None:
    evil = b"\r\n--" + mjpeg.BOUNDARY + b"\r\n\r\n"
    pictures = [Picture(1_500_000_000, 1, 1, Encoding.JPEG, data) for data in (b"one", evil, b"")]
    body = mjpeg.opening() + b"".join(map(mjpeg.part, pictures))
    assert [data for _, data in parts(body)] == [b"one", evil, b""]
    headers, _ = parts(body)[0]
    assert (headers["content-type"], headers["x-timestamp"]) == ("image/jpeg", "1.500000")


def test_the_next_boundary_comes_with_each_picture_and_not_with_the_next() -> None:
    assert mjpeg.part(Picture(0, 1, 1, Encoding.JPEG, b"data")).endswith(b"data\r\n--" + mjpeg.BOUNDARY + b"\r\n")


def test_the_content_type_names_the_boundary_without_dashes() -> None:
    kind, _, boundary = mjpeg.CONTENT_TYPE.partition("; boundary=")
    assert (kind, boundary.encode()) == ("multipart/x-mixed-replace", mjpeg.BOUNDARY)
    assert not boundary.startswith("--")
