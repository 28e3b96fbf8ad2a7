"""A certificate for the tests of the way out."""

from tests.certificates import own_certificate

__all__ = ["own_certificate"]
