"""What a job's page looked like at its steps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.api.jobs import JobId
from livepane.domain.access import Role
from livepane.jobs.moments import Moment
from livepane.wire.clock import ms

router = APIRouter(tags=["jobs"])

MomentId = Annotated[str, Path(pattern=r"^[0-9]{1,18}$")]


class MomentModel(BaseModel):
    """An action of a job with a picture of its page, as it was when the next action began."""

    id: str
    at: Annotated[float, Field(description="when the action began, ms since the Unix epoch")]
    label: str
    selector: str | None
    url: Annotated[str, Field(description="path of the picture on this server")]
    width: Annotated[int, Field(description="px of the picture, which is as large as somebody watched it")]
    height: int
    bytes: int

    @classmethod
    def of(cls, job: int, moment: Moment) -> MomentModel:
        """As it goes out."""
        action, picture = moment.action, moment.picture
        return cls(
            id=moment.id,
            at=ms(action.at),
            label=action.label,
            selector=action.selector,
            url=f"/api/jobs/{job}/moments/{moment.id}.jpg",
            width=picture.width,
            height=picture.height,
            bytes=len(picture.data),
        )


class MomentList(BaseModel):
    """The oldest first."""

    moments: list[MomentModel]


@router.get("/api/jobs/{job_id}/moments")
@allow(Role.VIEWER)
async def list_moments(job_id: JobId, services: ServicesOf) -> MomentList:
    """The steps of a job that somebody watched. They are kept in memory; the oldest make room."""
    await services.jobs.queue.get(job_id)
    return MomentList(moments=[MomentModel.of(job_id, one) for one in services.jobs.browser.moments.of(job_id)])


@router.get(
    "/api/jobs/{job_id}/moments/{moment_id}.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}}
)
@allow(Role.VIEWER)
async def moment_picture(job_id: JobId, moment_id: MomentId, services: ServicesOf) -> Response:
    """The picture of a moment: it never changes."""
    picture = services.jobs.browser.moments.get(job_id, moment_id).picture
    headers = {"Cache-Control": "private, max-age=3600, immutable"}
    return Response(picture.data, media_type=f"image/{picture.encoding}", headers=headers)
