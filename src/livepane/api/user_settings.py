"""What users change while the server runs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body

from livepane.api.access import allow
from livepane.api.deps import ServicesOf
from livepane.domain.access import Role
from livepane.wire.user_settings import UserSettings

router = APIRouter(tags=["settings"])


@router.get("/api/settings")
@allow(Role.VIEWER)
async def get_settings(services: ServicesOf) -> UserSettings:
    """What is set now."""
    return services.jobs.user_settings.current


@router.put("/api/settings")
@allow(Role.OPERATOR)
async def put_settings(
    body: Annotated[dict[str, Any], Body(description="what is to change: any part of what GET answers")], services: ServicesOf
) -> UserSettings:
    """Change a part of it, or all. It takes effect at once, and is kept."""
    return await services.jobs.user_settings.change(body)
