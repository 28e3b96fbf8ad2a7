"""Every setting, with its bounds and what it is for. Each is an environment variable `LIVEPANE_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from livepane.discovery import data_dir

CommaList = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Lists are comma-separated. A value out of bounds stops the start with an error that names it."""

    model_config = SettingsConfigDict(env_prefix="LIVEPANE_", extra="ignore", frozen=True, populate_by_name=True)

    # --- the door -----------------------------------------------------------------------------------
    host: str = Field("127.0.0.1", description="Address to listen on. Only loopback addresses are possible for now.")
    ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (8000,), description="Ports to listen on.", validation_alias=AliasChoices("LIVEPANE_PORTS", "LIVEPANE_PORT", "ports")
    )
    data_dir: Path = Field(default_factory=data_dir, description="Folder for the token and everything else that is kept; 0700.")
    auth: Literal["open", "required"] = Field(
        "open", description="`open`: on loopback, watching and producing need no token. `required`: everything does."
    )
    allowed_hosts: CommaList = Field((), description="Names besides localhost that a request's Host header may carry.")
    cors_origins: CommaList = Field(
        (),
        description="Origins besides loopback ones that may watch and produce without a token; `*`: any but `null`.",
        validation_alias=AliasChoices("LIVEPANE_CORS_ORIGINS", "CORS_ORIGINS", "cors_origins"),
    )

    # --- browsers and screens -----------------------------------------------------------------------
    browser: str | None = Field(None, description="Path of the Chromium to use; looked for in the usual places when unset.")
    browser_idle_seconds: float = Field(60.0, ge=0, description="Chromium is closed when no page has been open for so long.")
    max_pages: int = Field(20, ge=1, le=1000, description="Pages that may be open on the server at once.")
    chrome_url: str | None = Field(
        None, description="Debugging address of a Chrome that already runs, such as http://127.0.0.1:9222; its tabs can be shown."
    )
    display: str | None = Field(
        None,
        description="X display whose desktop, monitors and windows can be shown.",
        validation_alias=AliasChoices("LIVEPANE_DISPLAY", "DISPLAY", "display"),
    )

    # --- streams ------------------------------------------------------------------------------------
    grace_seconds: float = Field(5.0, ge=0, le=600, description="Capture goes on for so long after the last viewer has left.")
    encoder_threads: int = Field(2, ge=1, le=64, description="Threads that scale and encode pictures.")

    # --- limits -------------------------------------------------------------------------------------
    max_frame_bytes: int = Field(10 * 2**20, ge=2**10, le=2**30, description="Bytes that a picture from outside may have.")
    max_frame_pixels: int = Field(
        33_177_600, ge=2**10, description="Pixels that a picture from outside may claim (33 MP: 7680 x 4320)."
    )
    max_message_bytes: int = Field(64 * 2**10, ge=2**10, description="Bytes that a JSON message of a viewer may have.")
    max_sockets_per_address: int = Field(500, ge=1, description="WebSockets that one address may have open.")
    send_stall_seconds: float = Field(10.0, gt=0, description="A viewer that takes nothing for so long is cut off.")
    ping_seconds: float = Field(
        12.0, gt=0, le=300, description="A silent peer is pinged after so long, and dropped after as long again."
    )
    max_fps_in: float = Field(60.0, gt=0, le=240, description="Pictures a second that a producer may push; more are dropped.")

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @field_validator("ports", mode="before")
    @classmethod
    def _ports(cls, value: object) -> object:
        return (
            tuple(int(one) for one in value.split(","))
            if isinstance(value, str)
            else (value,)
            if isinstance(value, int)
            else value
        )

    @field_validator("allowed_hosts", "cors_origins", mode="before")
    @classmethod
    def _comma_list(cls, value: object) -> object:
        return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value
