"""The JSON messages of our own viewer and producer protocols, version 1. TypeScript types are generated from here."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from livepane.domain.demand import FPS_RANGE, QUALITY_RANGE, SIDE_RANGE
from livepane.domain.errors import BadRequest
from livepane.domain.stream import Kind
from livepane.wire.shown import ActionModel as ActionModel
from livepane.wire.shown import BoxModel as BoxModel
from livepane.wire.shown import Label as Label
from livepane.wire.shown import Message as Message
from livepane.wire.shown import PushedModel as PushedModel
from livepane.wire.shown import SpotModel as SpotModel
from livepane.wire.shown import StreamModel as StreamModel
from livepane.wire.wrong import explain

T = TypeVar("T")

VIEWER_SUBPROTOCOL = "livepane.viewer.v1"
PRODUCER_SUBPROTOCOL = "livepane.producer.v1"

Fps = Annotated[float, Field(ge=FPS_RANGE[0], le=FPS_RANGE[1])]
Quality = Annotated[int, Field(ge=QUALITY_RANGE[0], le=QUALITY_RANGE[1])]
Side = Annotated[int, Field(ge=SIDE_RANGE[0], le=SIDE_RANGE[1])]
ImageFormat = Literal["jpeg", "png", "webp"]


# --- viewer socket, client to server -------------------------------------------------------------


class Watch(Message):
    """Show a stream in a pane of this socket, or change how a pane shows it. The client chooses the pane number."""

    type: Literal["watch"] = "watch"
    pane: Annotated[int, Field(ge=0, le=2**31)]
    stream: str
    fps: Fps = 10.0
    quality: Quality | None = None
    width: Side | None = None
    height: Side | None = None
    format: ImageFormat = "jpeg"
    highlight: bool = Field(False, description="tell where the element is that is worked on: `highlight`")


class Unwatch(Message):
    """Stop showing a pane; it costs nothing from now on."""

    type: Literal["unwatch"] = "unwatch"
    pane: int


class Ack(Message):
    """The picture was painted: everything up to (epoch, seq) on the channel is off the line."""

    type: Literal["ack"] = "ack"
    channel: int
    epoch: int
    seq: int
    age: float | None = Field(None, description="ms from capture to paint, as the viewer measured it")


class Screenshot(Message):
    """Send the newest picture of a pane now, even if it was sent before."""

    type: Literal["screenshot"] = "screenshot"
    pane: int


class Ping(Message):
    """Measure the round trip and the clock; answered by `pong` with the same id."""

    type: Literal["ping"] = "ping"
    id: int
    rtt: float | None = Field(None, description="the shortest round trip so far, ms: a long one needs a second picture under way")


ViewerCommand = Annotated[Watch | Unwatch | Ack | Screenshot | Ping, Field(discriminator="type")]

# --- viewer socket, server to client -------------------------------------------------------------


class Hello(Message):
    """The first message of a viewer socket."""

    type: Literal["hello"] = "hello"
    protocol: Literal[1] = 1
    version: str
    now: float
    window: int = Field(description="how many pictures a channel may have unacknowledged")
    roles: list[str]


class Streams(Message):
    """All streams, once, after `hello`; changes follow as `stream` and `stream_removed`."""

    type: Literal["streams"] = "streams"
    streams: list[StreamModel]


class StreamChanged(Message):
    """A stream is new or has changed."""

    type: Literal["stream"] = "stream"
    stream: StreamModel


class StreamRemoved(Message):
    """A stream is no longer listed."""

    type: Literal["stream_removed"] = "stream_removed"
    id: str


class PaneOpened(Message):
    """Answer to `watch`: pictures of this pane carry `channel` from now on."""

    type: Literal["pane"] = "pane"
    pane: int
    stream: str
    channel: int


class ActionHappened(Message):
    """A named moment on a stream that this socket watches."""

    type: Literal["action"] = "action"
    stream: str
    action: ActionModel


class Highlight(Message):
    """Where the element is that is worked on; again when it moves. For panes that were watched with `highlight`."""

    type: Literal["highlight"] = "highlight"
    stream: str
    spot: SpotModel | None = Field(description="null: nothing is to be outlined (any more)")


class PaneStats(Message):
    """What one pane has cost so far."""

    pane: int
    sent: int = Field(description="pictures handed to the socket")
    dropped: int = Field(description="pictures that were too late for this viewer")
    bytes: int
    source_fps: float | None = Field(None, description="pictures a second that the source gave since the last stats")
    encode_ms: float | None = Field(
        None, description="what one picture of this rendition took to encode, mean; null: nothing was"
    )
    held_ms: float | None = Field(None, description="from capture to the moment that the socket took it, mean of this interval")
    acked_ms: float | None = Field(None, description="from that moment to its acknowledgement, mean: the link and the browser")


class Stats(Message):
    """Every two seconds while panes are open; every six when nothing has changed."""

    type: Literal["stats"] = "stats"
    panes: list[PaneStats]


class Budget(Message):
    """What all captures together may cost, and how many streams are slowed for it. Sent after `streams`, and when it changes."""

    type: Literal["budget"] = "budget"
    slowed: int = Field(description="streams that capture less often than their viewers ask for")
    limit: Literal["cpu", "fps"] | None = Field(None, description="which limit was reached; null: none")
    allowed: float | None = Field(
        None, description="the limit that was reached: share of this machine's CPU (0-1), or pictures a second"
    )


class Pong(Message):
    """Answer to `ping`: `now` is the server's clock in milliseconds since the Unix epoch."""

    type: Literal["pong"] = "pong"
    id: int
    now: float


class ErrorMessage(Message):
    """Something the other side asked for was refused; the socket stays open."""

    type: Literal["error"] = "error"
    code: str
    message: str
    pane: int | None = None


ViewerEvent = Annotated[
    Hello
    | Streams
    | StreamChanged
    | StreamRemoved
    | PaneOpened
    | ActionHappened
    | Highlight
    | Stats
    | Budget
    | Pong
    | ErrorMessage,
    Field(discriminator="type"),
]

# --- producer socket, producer to server ---------------------------------------------------------


class ProducerHello(Message):
    """The first message of a producer socket. The stream becomes `kind:name`."""

    type: Literal["hello"] = "hello"
    kind: Kind = Kind.PRODUCER
    name: Annotated[str, Field(min_length=1, max_length=128)]
    title: Label | None = None
    url: Annotated[str, Field(max_length=8192)] | None = None
    masked: bool = False


class ProducerAction(Message):
    """A named moment."""

    type: Literal["action"] = "action"
    action: ActionModel


class ProducerHighlight(Message):
    """Where the element of the newest action is; only while the demand says `highlight`."""

    type: Literal["highlight"] = "highlight"
    spot: SpotModel | None = Field(description="null: it is not to be seen")


class ProducerDescribe(Message):
    """What is shown has changed its name or place; an absent field stays."""

    type: Literal["describe"] = "describe"
    title: Label | None = None
    url: Annotated[str, Field(max_length=8192)] | None = None
    masked: bool | None = None


class ProducerState(Message):
    """The source draws, or is there and draws nothing, or is lost and may come back, or has ended for good."""

    type: Literal["state"] = "state"
    state: Literal["live", "hidden", "reconnecting", "gone"]
    reason: Label | None = None


ProducerMessage = Annotated[
    ProducerHello | ProducerAction | ProducerHighlight | ProducerDescribe | ProducerState | Ping, Field(discriminator="type")
]

# --- producer socket, server to producer ---------------------------------------------------------


class Welcome(Message):
    """Answer to the producer's hello."""

    type: Literal["welcome"] = "welcome"
    protocol: Literal[1] = 1
    stream: str
    now: float
    max_bytes: int = Field(description="of one picture message")
    max_pixels: int
    window: int = Field(description="how many pictures may be unacknowledged")


class DemandModel(Message):
    """What the viewers together ask for; null sides and quality mean 'as the source has it'."""

    fps: float
    quality: int | None = None
    width: int | None = None
    height: int | None = None
    highlight: bool = Field(False, description="tell where the element of the newest action is")


class DemandChanged(Message):
    """Capture by this from now on; null: stop capturing, nobody looks."""

    type: Literal["demand"] = "demand"
    demand: DemandModel | None = None


class PictureAck(Message):
    """The server has taken every picture up to (epoch, seq)."""

    type: Literal["ack"] = "ack"
    epoch: int
    seq: int


ProducerCommand = Annotated[Welcome | DemandChanged | PictureAck | Pong | ErrorMessage, Field(discriminator="type")]

_VIEWER_COMMANDS: TypeAdapter[ViewerCommand] = TypeAdapter(ViewerCommand)
_VIEWER_EVENTS: TypeAdapter[ViewerEvent] = TypeAdapter(ViewerEvent)
_PRODUCER_MESSAGES: TypeAdapter[ProducerMessage] = TypeAdapter(ProducerMessage)
_PRODUCER_COMMANDS: TypeAdapter[ProducerCommand] = TypeAdapter(ProducerCommand)


def decode_viewer_command(text: str | bytes) -> ViewerCommand:
    """Read what a viewer sent.

    Raises:
        BadRequest: whatever the text is, when it is not one of the commands; names the value and the range.
    """
    return _decode(_VIEWER_COMMANDS, text)


def decode_viewer_event(text: str | bytes) -> ViewerEvent:
    """Read what a server sent to a viewer (for clients written in Python)."""
    return _decode(_VIEWER_EVENTS, text)


def decode_producer_message(text: str | bytes) -> ProducerMessage:
    """Read what a producer sent."""
    return _decode(_PRODUCER_MESSAGES, text)


def decode_producer_command(text: str | bytes) -> ProducerCommand:
    """Read what a server sent to a producer."""
    return _decode(_PRODUCER_COMMANDS, text)


def encode(message: Message) -> str:
    """One message as JSON text."""
    return message.model_dump_json()


def _decode(adapter: TypeAdapter[T], text: str | bytes) -> T:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise BadRequest(explain(error)) from None
    except RecursionError:
        raise BadRequest("the message is nested too deeply") from None
