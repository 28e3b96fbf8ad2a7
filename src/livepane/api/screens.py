"""What this machine could show: windows, monitors, tabs of a running Chrome."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.domain.access import Role
from livepane.domain.demand import QUALITY_RANGE
from livepane.domain.frame import Encoding
from livepane.media.image import DEFAULT_QUALITY
from livepane.sources import screen
from livepane.transports.options import image_format

router = APIRouter(tags=["screens"])


class WindowModel(BaseModel):
    """A window; `handle` is what `WS /stream/{window_id}` takes."""

    handle: int
    title: str
    window_class: Annotated[str, Field(serialization_alias="class")]
    x: int
    y: int
    width: int
    height: int
    visible: bool


class WindowList(BaseModel):
    """The windows of the display."""

    windows: list[WindowModel]


class MonitorModel(BaseModel):
    """A monitor; its stream is `monitor:<index>`."""

    index: int
    id: str
    name: str
    x: int
    y: int
    width: int
    height: int
    primary: bool


class MonitorList(BaseModel):
    """The monitors of the display; `desktop:0` is all of them."""

    monitors: list[MonitorModel]


class TabModel(BaseModel):
    """A tab of the running Chrome."""

    id: str
    title: str
    url: str


class TabList(BaseModel):
    """The tabs of the running Chrome."""

    tabs: list[TabModel]


@router.get("/api/windows")
@allow(Role.VIEWER)
async def windows(services: ServicesOf) -> WindowList:
    """The windows of the display."""
    found = await screen.list_windows(services.settings.display)
    return WindowList(
        windows=[
            WindowModel(
                handle=one.handle,
                title=one.title,
                window_class=one.window_class,
                x=one.x,
                y=one.y,
                width=one.width,
                height=one.height,
                visible=one.visible,
            )
            for one in found
        ]
    )


@router.get("/api/monitors")
@allow(Role.VIEWER)
async def monitors(services: ServicesOf) -> MonitorList:
    """The monitors of the display."""
    found = await screen.list_monitors(services.settings.display)
    return MonitorList(
        monitors=[
            MonitorModel(
                index=one.index,
                id=f"monitor:{one.index}",
                name=one.name,
                x=one.x,
                y=one.y,
                width=one.width,
                height=one.height,
                primary=one.primary,
            )
            for one in found
        ]
    )


@router.get("/api/chrome/tabs")
@allow(Role.VIEWER)
async def chrome_tabs(services: ServicesOf) -> TabList:
    """The tabs of the Chrome that the settings name."""
    return TabList(tabs=[TabModel(id=tab.id, title=tab.title, url=tab.url) for tab in await services.tabs.chrome.list()])


@router.get("/api/chrome/capture", response_class=Response, responses={200: {"content": {"image/jpeg": {}, "image/png": {}}}})
@allow(Role.VIEWER, embeddable=True)
async def chrome_capture(
    services: ServicesOf,
    tab_id: Annotated[str, Query(alias="tabId", min_length=1, max_length=128)],
    image: Annotated[str, Query(alias="format")] = "jpeg",
    quality: Annotated[int, Query(ge=QUALITY_RANGE[0], le=QUALITY_RANGE[1])] = DEFAULT_QUALITY,
    full_page: Annotated[bool, Query(alias="fullPage")] = False,
) -> Response:
    """One picture of a tab, its password fields painted over; `fullPage` takes the whole page, not only what is in view."""
    encoding = Encoding(image_format(image))
    picture = await services.tabs.chrome.capture(tab_id, encoding, quality, full_page)
    return Response(picture.data, media_type=f"image/{picture.encoding}")
