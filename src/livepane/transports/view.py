"""Streams and actions of the hub as the messages that describe them."""

from __future__ import annotations

import time
from dataclasses import replace

from livepane.domain import discreet
from livepane.domain.errors import BadRequest
from livepane.domain.stream import Action, Box, Spot
from livepane.hub.stream import Stream
from livepane.wire.clock import ms
from livepane.wire.messages import ActionModel, BoxModel, PushedModel, SpotModel, StreamModel

_LAST = 8.64e15  # ms: the last moment of a JavaScript Date


def stream_model(stream: Stream, *, guest: bool = False) -> StreamModel:
    """What a viewer may know of a stream. A `guest` (`Rights.guest`) sees addresses without query and fragment."""
    frame = stream.newest_or_none()
    return StreamModel(
        id=str(stream.id),
        kind=stream.id.kind,
        title=discreet.title(stream.title, stream.url) if guest else stream.title,
        url=discreet.address(stream.url) if guest and stream.url is not None else stream.url,
        state=stream.state,
        state_since=ms(stream.state_since),
        reason=stream.reason,
        masked=stream.masked,
        width=frame.picture.width if frame else None,
        height=frame.picture.height if frame else None,
        picture_at=ms(frame.picture.captured_at) if frame else None,
        viewers=stream.viewers,
        action=_newest_action(stream, guest),
        node=stream.node,
        can_close=stream.can_close,
        pushed=_pushed(stream),
        slowed_to=None if stream.slowed_to is None else round(stream.slowed_to, 2),
    )


def _pushed(stream: Stream) -> PushedModel | None:
    """How its producer keeps up, where it has no connection that would tell."""
    cadence = stream.cadence
    if cadence is None:
        return None
    every = cadence.every
    return PushedModel(
        last_at=ms(cadence.last_at),
        every_ms=None if every is None else round(every * 1000),
        status=cadence.status(time.monotonic()),
    )


def _newest_action(stream: Stream, guest: bool) -> ActionModel | None:
    """With its place, while somebody has it looked up."""
    if not stream.actions:
        return None
    newest = stream.actions[-1]
    return action_model(newest if stream.spot is None else replace(newest, box=stream.spot.box), guest=guest)


def spot_model(spot: Spot, *, guest: bool = False) -> SpotModel:
    """Where an action works."""
    box = spot.box
    return SpotModel(
        label=_said(spot.label, guest),
        selector=None if spot.selector is None else _said(spot.selector, guest),
        box=BoxModel(x=box.x, y=box.y, width=box.width, height=box.height),
        width=spot.width,
        height=spot.height,
    )


def spot_of(model: SpotModel) -> Spot:
    """The other way: what a producer sent, as the hub keeps it."""
    box = model.box
    return Spot(model.label, model.selector, Box(box.x, box.y, box.width, box.height), model.width, model.height)


def action_model(action: Action, *, guest: bool = False) -> ActionModel:
    """A named moment, times in milliseconds."""
    box = action.box
    return ActionModel(
        label=_said(action.label, guest),
        at=ms(action.at),
        selector=None if action.selector is None else _said(action.selector, guest),
        box=BoxModel(x=box.x, y=box.y, width=box.width, height=box.height) if box else None,
    )


def _said(text: str, guest: bool) -> str:
    return discreet.text(text) if guest else text


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
