"""The shapes that pictures go out in over WebSockets: each is built once per frame and rendition, already framed."""

from __future__ import annotations

from livepane.hub.rendition import Encoded
from livepane.wire import frame_binary, frame_json
from livepane.wire.websocket_frame import BINARY, TEXT, frame


def live(encoded: Encoded) -> bytes:
    """For our own viewers: header and image."""
    return frame(frame_binary.encode(encoded.frame, encoded.channel), BINARY)


def bare(encoded: Encoded) -> bytes:
    """The image alone, one binary message."""
    return frame(encoded.frame.picture.data, BINARY)


def json(encoded: Encoded) -> bytes:
    """`{"type":"frame", …}` with a data URL."""
    return frame(frame_json.frame_message(encoded.frame, encoded.session), TEXT)
