"""What a source has shown and said, until it has been told to the server."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Literal

from livepane.domain.frame import Picture
from livepane.domain.stream import Action, Spot
from livepane.producing.mailbox import Mailbox
from livepane.wire import messages

LIVE_AGAIN = 1.0  # s
ACTIONS_KEPT = 100  # while there is no connection; older ones are forgotten
_LABEL, _URL = 500, 8192  # characters that the protocol takes

Condition = Literal["live", "hidden", "reconnecting", "gone"]


@dataclass(slots=True)
class Description:
    """What is shown, for a person."""

    title: str | None = None
    url: str | None = None
    masked: bool = False


class Outbox:
    """The FrameSink of the source: pictures in one slot, the newest wins; words in order. Belongs to one event loop."""

    def __init__(self) -> None:
        self.description = Description()
        self.farewell = "its producer has ended"  # what viewers are told when we are cancelled
        self.pictures: Mailbox[Picture] = Mailbox()
        self._condition: tuple[Condition, str | None] = ("live", None)
        self._describe = self._say_condition = False
        self._said_at = float("-inf")
        self._actions: deque[Action] = deque(maxlen=ACTIONS_KEPT)
        self._spot: Spot | None = None
        self._say_spot = False
        self._something = asyncio.Event()

    # --- FrameSink ----------------------------------------------------------------------------------

    def put(self, picture: Picture) -> None:
        """Take a picture; one that is still here is dropped."""
        if self._condition[0] in ("hidden", "reconnecting"):
            self.visible()
        self.pictures.put(picture)
        self._something.set()

    def visible(self) -> None:
        """The source draws."""
        self.condition("live")

    def hidden(self, reason: str) -> None:
        """The source is there and draws nothing."""
        self.condition("hidden", reason)

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown; None leaves a field as it is."""
        now = self.description
        new = Description(
            now.title if title is None else title[:_LABEL],
            now.url if url is None else url[:_URL],
            now.masked if masked is None else masked,
        )
        if new != now:
            self.description, self._describe = new, True
            self._something.set()

    def action(self, action: Action) -> None:
        """A named moment."""
        self._actions.append(action)
        self._something.set()

    def point(self, spot: Spot | None) -> None:
        """Where the element of the newest action is; only the newest is told."""
        self._say_spot = self._say_spot or spot is not None or self._spot is not None
        self._spot = spot
        self._something.set()

    # --- the producer and its connection ------------------------------------------------------------

    def condition(self, state: Condition, reason: str | None = None) -> None:
        """What viewers may believe. 'live' is repeated, at most once a second: it confirms a picture that stays."""
        now = time.monotonic()
        if (state, reason) == self._condition and (state != "live" or now - self._said_at < LIVE_AGAIN):
            return
        self._said_at = now
        self._condition, self._say_condition = (state, reason[:_LABEL] if reason else None), True
        self._something.set()

    def introduce(self) -> None:
        """A new connection knows the description from the hello, and nothing else."""
        self._describe = False
        self._say_condition = self._condition[0] != "live"
        self._say_spot = False  # there is no demand on it yet
        self.pictures.take()  # of a capture that has ended; a new one starts with a new picture
        self.wake()

    def wake(self) -> None:
        """Let `something` return: there is room for a picture again."""
        self._something.set()

    async def something(self) -> None:
        """Wait until there may be something to send."""
        await self._something.wait()
        self._something.clear()

    def words(self, clock_offset: int) -> list[messages.Message]:
        """The messages that have to be sent now, once; times moved by `clock_offset` ns."""
        told: list[messages.Message] = []
        if self._describe:
            self._describe = False
            now = self.description
            told.append(messages.ProducerDescribe(title=now.title, url=now.url, masked=now.masked))
        if self._say_condition:
            self._say_condition = False
            state, reason = self._condition
            told.append(messages.ProducerState(state=state, reason=reason))
        while self._actions:
            told.append(messages.ProducerAction(action=_model(self._actions.popleft(), clock_offset)))
        if self._say_spot:
            self._say_spot = False
            told.append(messages.ProducerHighlight(spot=_spot_model(self._spot)))
        return told


def _model(action: Action, clock_offset: int) -> messages.ActionModel:
    box = None if action.box is None else messages.BoxModel.model_validate(asdict(action.box))
    selector = action.selector[:_LABEL] if action.selector else None
    return messages.ActionModel(label=action.label[:_LABEL], at=(action.at + clock_offset) / 1e6, selector=selector, box=box)


def _spot_model(spot: Spot | None) -> messages.SpotModel | None:
    """Cut as its action is, so that the server knows whose it is."""
    if spot is None:
        return None
    box = messages.BoxModel.model_validate(asdict(spot.box))
    selector = spot.selector[:_LABEL] if spot.selector else None
    return messages.SpotModel(label=spot.label[:_LABEL], selector=selector, box=box, width=spot.width, height=spot.height)
