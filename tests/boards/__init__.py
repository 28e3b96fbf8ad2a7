"""Companies and job boards of our own making, served on this machine under the names that they would have.

with boards(latency=0.05) as world:
    world.addresses  # {"anvil.example": ("127.0.0.1", 40001), "boards-api.greenhouse.io": …}
    world.ca_file    # the authority that signed for all of them
    world.sites      # what is true of every company: its jobs, or the answer that has to come instead
"""

from tests.boards.nouns import Expected, Opening, Reply, Request, Sheet, Site
from tests.boards.web import Web
from tests.boards.world import World, boards, offline

__all__ = ["Expected", "Opening", "Reply", "Request", "Sheet", "Site", "Web", "World", "boards", "offline"]
