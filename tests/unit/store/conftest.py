"""Databases of both kinds."""

from tests.services.places import empty_file, place, prepared_postgres

__all__ = ["empty_file", "place", "prepared_postgres"]
