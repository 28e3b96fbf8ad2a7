"""Streams and actions of the hub as the messages that describe them."""

from __future__ import annotations

from livepane.domain.errors import BadRequest
from livepane.domain.stream import Action, Box
from livepane.hub.stream import Stream
from livepane.wire.clock import ms
from livepane.wire.messages import ActionModel, BoxModel, StreamModel

_LAST = 8.64e15  # ms: the last moment of a JavaScript Date


def stream_model(stream: Stream) -> StreamModel:
    """What a viewer may know of a stream."""
    frame = stream.newest_or_none()
    return StreamModel(
        id=str(stream.id),
        kind=stream.id.kind,
        title=stream.title,
        url=stream.url,
        state=stream.state,
        state_since=ms(stream.state_since),
        reason=stream.reason,
        masked=stream.masked,
        width=frame.picture.width if frame else None,
        height=frame.picture.height if frame else None,
        picture_at=ms(frame.picture.captured_at) if frame else None,
        viewers=stream.viewers,
        action=action_model(stream.actions[-1]) if stream.actions else None,
        can_close=stream.can_close,
    )


def action_model(action: Action) -> ActionModel:
    """A named moment, times in milliseconds."""
    box = action.box
    return ActionModel(
        label=action.label,
        at=ms(action.at),
        selector=action.selector,
        box=BoxModel(x=box.x, y=box.y, width=box.width, height=box.height) if box else None,
    )


def action_of(model: ActionModel) -> Action:
    """The other way: what a producer sent, as the hub keeps it.

    Raises:
        BadRequest: its time is none that a clock shows.
    """
    if not 0 <= model.at <= _LAST:
        raise BadRequest(f"at = {model.at:g} is no time: it is in milliseconds since the Unix epoch, from 0 to {_LAST:g}")
    box = model.box
    return Action(
        label=model.label,
        at=int(model.at * 1_000_000),
        selector=model.selector,
        box=Box(box.x, box.y, box.width, box.height) if box else None,
    )
