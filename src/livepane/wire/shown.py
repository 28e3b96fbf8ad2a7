"""What viewers and producers tell each other of a stream: the parts that their messages share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from livepane.domain.stream import Kind, Punctuality, State

Label = Annotated[str, Field(max_length=500)]


class Message(BaseModel):
    """Unknown fields are ignored, so that either side may be the newer one."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class BoxModel(Message):
    """A rectangle in CSS pixels of the page."""

    x: float
    y: float
    width: float
    height: float


class ActionModel(Message):
    """A named moment; `at` in milliseconds since the Unix epoch."""

    label: Label
    at: float
    selector: Label | None = None
    box: BoxModel | None = None


class SpotModel(Message):
    """Where the element is that the newest action of a stream works on. A picture shows the whole view, whatever its own size."""

    label: Label
    selector: Label | None = None
    box: BoxModel = Field(description="its part that is inside of the view")
    width: Annotated[float, Field(gt=0, description="of the view, CSS px")]
    height: Annotated[float, Field(gt=0)]


class PushedModel(Message):
    """How a stream that is fed by single requests keeps up."""

    last_at: float = Field(description="when a picture came last, changed or not, in milliseconds since the Unix epoch")
    every_ms: float | None = Field(
        None, description="time between two pictures, as its producer says or as it was seen; null: not known yet"
    )
    status: Punctuality = Field(
        Punctuality.FRESH, description="fresh: the last picture is at most two of these times old; quiet: more than five"
    )


class StreamModel(Message):
    """One stream as a viewer sees it. Times are milliseconds since the Unix epoch, in the server's clock."""

    id: str
    kind: Kind
    title: str
    url: str | None = None
    state: State
    state_since: float
    reason: str | None = Field(None, description="why the state is what it is, for a person")
    masked: bool = Field(False, description="parts of the picture are painted over at the source")
    width: int | None = Field(None, description="px of the newest picture at the source")
    height: int | None = None
    picture_at: float | None = Field(None, description="when the newest picture was captured")
    viewers: int = 0
    action: ActionModel | None = Field(None, description="the newest action")
    node: str | None = Field(
        None, description="which other server of the cluster has it; an empty text: none, it is written to Kafka; null: this one"
    )
    can_close: bool = Field(False, description="DELETE /api/streams/{id} ends it")
    pushed: PushedModel | None = Field(
        None, description="of a stream that is fed by single requests (POST /publish): how it keeps up; null: of every other"
    )
    slowed_to: float | None = Field(
        None, description="pictures a second that the capture budget leaves this stream, where viewers ask for more"
    )
