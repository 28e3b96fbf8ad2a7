"""A server and a certificate to test with."""

from tests.certificates import own_certificate
from tests.serving import server, start_server

__all__ = ["own_certificate", "server", "start_server"]
