"""What the tests of the bus share."""

from tests.unit.hub.sources import brisk

__all__ = ["brisk"]
