"""Our framing, read by the parser of the `websockets` library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from livepane.wire.websocket_frame import BINARY, TEXT, frame, unframe

EDGES = [0, 1, 125, 126, 127, 65535, 65536, 200_000]


def parsed(data: bytes) -> list[Frame]:
    """What a client makes of bytes from its server."""
    client = ClientProtocol(parse_uri("ws://localhost/"), state=OPEN, max_size=None)
    client.receive_data(data)
    assert client.parser_exc is None
    return [event for event in client.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize(("opcode", "read"), [(TEXT, Opcode.TEXT), (BINARY, Opcode.BINARY)])
def test_another_library_reads_what_we_frame(size: int, opcode: int, read: Opcode) -> None:
    payload = b"x" * size
    one, two = parsed(frame(payload, opcode) + frame(b"next", opcode))
    assert (one.opcode, bytes(one.data), one.fin) == (read, payload, True)
    assert bytes(two.data) == b"next"


@given(payload=st.binary(max_size=300), opcode=st.sampled_from([TEXT, BINARY]))
def test_unframing_gives_back_what_was_framed(payload: bytes, opcode: int) -> None:
    got, view = unframe(frame(payload, opcode))
    assert (got, bytes(view)) == (opcode, payload)


@pytest.mark.parametrize("size", EDGES)
def test_unframing_holds_at_the_edges_of_the_length_fields(size: int) -> None:
    assert len(unframe(frame(b"x" * size, BINARY))[1]) == size
