"""What a setting can be beside a number or a word: each kind reads what the environment says, and names what is wrong of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from livepane.domain.address import Networks
from livepane.domain.host import AllowList, read_host_addresses

_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9._:\[\]-]+(:\*)?")


def also(*names: str) -> AliasChoices:
    """A setting that is read without our prefix, too, and under the names that earlier bridges had."""
    return AliasChoices(f"LIVEPANE_{names[0]}", *names, names[0].lower())


def secret(name: str, value: SecretStr | None, file: Path | None) -> str | None:
    """A secret that is given itself or in a file; None when it is not.

    Raises:
        ValueError: it is given twice, or the file cannot be read.
    """
    given = value.get_secret_value() if value is not None else ""
    if file is None:
        return given or None
    if given:
        raise ValueError(f"{name} and {name}_FILE are both set: keep one of them")
    try:
        kept = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(f"{name}_FILE = {str(file)!r} cannot be read: {said}") from None
    if not kept:
        raise ValueError(f"{name}_FILE = {str(file)!r} is empty: the secret has to be in it")
    return kept


def _parts(value: object) -> object:
    return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value


def _ports(value: object) -> object:
    if isinstance(value, str):
        return tuple(int(one) for one in value.split(","))
    return (value,) if isinstance(value, int) else value


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    Networks(value)
    return value


def _targets(value: tuple[str, ...]) -> tuple[str, ...]:
    AllowList(value)
    return value


def _addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    read_host_addresses(value)
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        if not _ORIGIN.fullmatch(one):
            raise ValueError(f"{one!r} is not an origin; write https://wiki.example.org or https://*.example.org")
    return value


def _below(value: str) -> str:
    path = "/" + value.strip("/") if value.strip("/") else ""  # no slash twice: //host would be another server
    if not _ROOT_PATH.fullmatch(path):
        raise ValueError(f"{value!r} is not a path of letters, digits and ._~- between slashes, such as /panes")
    return path


CommaList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
Ports = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_ports)]
Ranges = Annotated[CommaList, AfterValidator(_networks)]
Targets = Annotated[CommaList, AfterValidator(_targets)]
HostAddresses = Annotated[CommaList, AfterValidator(_addresses)]
Origins = Annotated[CommaList, AfterValidator(_origins)]
BelowPath = Annotated[str, AfterValidator(_below)]
