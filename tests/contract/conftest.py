"""A server to test against."""

from tests.serving import server, start_server

__all__ = ["server", "start_server"]
