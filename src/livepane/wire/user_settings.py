"""What users change while the server runs, with its bounds: `GET` and `PUT /api/settings`, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from livepane.domain.errors import BadRequest
from livepane.wire import wrong


class Part(BaseModel):
    """A group of settings. A name that it does not have is an error: a slip must not look like success."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class LiveScreenshots(Part):
    """Pictures of a job in JSON, on `/ws/screenshots/{job}`."""

    enabled: bool = True
    quality: Annotated[int, Field(ge=10, le=100, description="of the JPEGs")] = 60
    frame_rate: Annotated[float, Field(ge=0.1, le=10, description="pictures a second at the most")] = 0.5
    auto_enable: Annotated[bool, Field(description="the dashboard shows them without being asked")] = False
    highlight: Annotated[bool, Field(description="viewers see which element is worked on, in every live picture")] = True


class JobLimits(Part):
    """How much is done at once."""

    concurrency: Annotated[int, Field(ge=1, le=256, description="jobs that run at the same time")] = 32
    pages: Annotated[int, Field(ge=1, le=16, description="pages of the browser that jobs may hold at the same time")] = 2


class Politeness(Part):
    """How hosts are treated."""

    requests_per_second: Annotated[float, Field(ge=0.01, le=100, description="to one host")] = 1.0
    per_host: Annotated[int, Field(ge=1, le=100, description="requests to one host at the same time")] = 2
    files_per_second: Annotated[float, Field(ge=0.01, le=1000, description="files that are begun at one host")] = 10.0
    files_per_host: Annotated[int, Field(ge=1, le=100, description="files of one host at the same time")] = 4
    respect_robots: Annotated[Literal[True], Field(description="always; shown so that it is known")] = True


class Downloads(Part):
    """What one job may download, and how it is kept. What a job asks for itself can only be less."""

    max_items: Annotated[int, Field(ge=1, le=1_000_000, description="files that one job keeps")] = 10_000
    max_bytes: Annotated[int, Field(ge=2**20, le=2**50, description="bytes of all files of one job")] = 50 * 2**30
    max_file_bytes: Annotated[int, Field(ge=2**10, le=2**50, description="bytes of one file")] = 4 * 2**30
    max_seconds: Annotated[int, Field(ge=10, le=7 * 86_400, description="time that one job may take")] = 6 * 3600
    free_bytes: Annotated[int, Field(ge=0, le=2**50, description="bytes that are left free on the disk")] = 2**30
    at_once: Annotated[int, Field(ge=1, le=64, description="files that one job fetches at the same time")] = 6
    upgrade: Annotated[bool, Field(description="a later run looks for better versions of what is there")] = True
    keep_older: Annotated[bool, Field(description="versions that a better one replaced stay, to be compared")] = True


class UserSettings(Part):
    """All of them."""

    live_screenshots: LiveScreenshots = LiveScreenshots()
    jobs: JobLimits = JobLimits()
    politeness: Politeness = Politeness()
    downloads: Downloads = Downloads()

    def changed(self, wish: Mapping[str, Any]) -> UserSettings:
        """These with what a wish names, and everything else as it is.

        Raises:
            BadRequest: names the value and what it may be.
        """
        whole = self.model_dump()
        for part, values in wish.items():
            if not isinstance(values, Mapping):
                given = wrong.named({"type": "", "input": values}, [part])
                raise BadRequest(f'{given}: write an object, such as {{"live_screenshots": {{"quality": 60}}}}')
            whole[part] = {**whole.get(part, {}), **values}
        try:
            return UserSettings.model_validate(whole, strict=True)
        except ValidationError as error:
            raise BadRequest("; ".join(_said(one) for one in error.errors()[:5])) from None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> UserSettings:
        """What was kept, part by part; one that this version cannot read (any more) is as it is at first."""
        parts = {}
        for name, field in cls.model_fields.items():
            try:
                parts[name] = cls.model_validate({name: kept[name]}).model_dump()[name]
            except (KeyError, ValidationError):
                parts[name] = field.get_default().model_dump()
        return cls.model_validate(parts)


def _said(error: Any) -> str:
    path = [str(step) for step in error["loc"]]
    place = wrong.place(path)
    if error["type"] == "extra_forbidden":
        model: Any = UserSettings if len(path) == 1 else UserSettings.model_fields[path[0]].annotation
        return f"there is no setting {place}; there are {', '.join(model.model_fields)}"
    range_ = ""
    if len(path) == 2:
        part: Any = UserSettings.model_fields[path[0]].annotation
        bounds = {
            kind: getattr(one, kind) for one in part.model_fields[path[1]].metadata for kind in ("ge", "le") if hasattr(one, kind)
        }
        range_ = f"; it must be from {wrong.figure(bounds['ge'])} to {wrong.figure(bounds['le'])}" if len(bounds) == 2 else ""
    return wrong.sentence(error, path, "the body") + range_
