"""Motion JPEG over HTTP: `multipart/x-mixed-replace`."""

from __future__ import annotations

from livepane.domain.frame import Picture

BOUNDARY = b"livepane-picture"
CONTENT_TYPE = f"multipart/x-mixed-replace; boundary={BOUNDARY.decode()}"


def part(picture: Picture) -> bytes:
    """One picture, followed at once by the next boundary.

    Chrome paints a part only when it sees that the next one begins, so the boundary is sent behind each
    picture, not before the next: otherwise every viewer would be one picture late.
    """
    head = b"Content-Type: image/%s\r\nContent-Length: %d\r\nX-Timestamp: %.6f\r\n\r\n" % (
        str(picture.encoding).encode(),
        len(picture.data),
        picture.captured_at / 1e9,
    )
    return head + picture.data + b"\r\n--" + BOUNDARY + b"\r\n"


def opening() -> bytes:
    """What goes before the first part."""
    return b"--" + BOUNDARY + b"\r\n"
