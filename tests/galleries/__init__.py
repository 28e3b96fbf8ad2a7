"""Galleries as sites make them, of our own making, served on this machine under names of their own.

with galleries(latency=0.03) as made:
    made.shapes   # the pages, with what is true of them
    made.easel.judge(shape, results)
"""

from tests.galleries.nouns import Score, Shape
from tests.galleries.world import Galleries, galleries

__all__ = ["Galleries", "Score", "Shape", "galleries"]
