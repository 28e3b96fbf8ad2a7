"""A replica of a site that lists what a user has posted: a form, a search that takes a while, cards that come as one scrolls."""

from tests.galleries.fastdl.site import Site, replica

__all__ = ["Site", "replica"]
