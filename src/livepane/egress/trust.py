"""Which certificates are trusted on the way out, for our own client and for Chromium."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from functools import lru_cache
from pathlib import Path

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class BadCaFile(ValueError):
    """A file of certificates that cannot be read; says why."""


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """The public authorities, those of this machine, and those of the file.

    Raises:
        BadCaFile: the file is not there, or has no certificate.
    """
    try:
        written = ca_file.stat().st_mtime_ns if ca_file is not None else 0
    except OSError:
        written = 0  # the reading of it says more
    return _trust(ca_file, written)


@lru_cache(maxsize=2)  # to read all authorities takes tens of milliseconds; a file that was written anew is read anew
def _trust(ca_file: Path | None, written: int) -> ssl.SSLContext:
    import certifi  # comes with httpx

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if ca_file is not None:
        context.load_verify_locations(cadata="\n".join(_read(ca_file)))
    context.set_alpn_protocols(["http/1.1"])
    return context


def key_hashes(ca_file: Path) -> list[str]:
    """SHA-256 of the public key of each certificate in the file, in base64: what Chromium calls an SPKI fingerprint.

    Raises:
        BadCaFile: as `trust`.
    """
    ders = [ssl.PEM_cert_to_DER_cert(text) for text in _read(ca_file)]
    return [base64.b64encode(hashlib.sha256(_public_key(der)).digest()).decode() for der in ders]


def _read(ca_file: Path) -> list[str]:
    try:
        found = _PEM.findall(ca_file.read_text(encoding="ascii", errors="replace"))
    except OSError as error:
        raise BadCaFile(f"the certificates in {ca_file} cannot be read: {error.strerror}. Check LIVEPANE_CA_FILE.") from None
    if not found:
        raise BadCaFile(f"{ca_file} has no certificate in it (PEM: -----BEGIN CERTIFICATE-----). Check LIVEPANE_CA_FILE.")
    return found


def _public_key(der: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate (RFC 5280 §4.1): the 7th field of its inner part, the 6th without a version."""
    inner = _fields(_value(_fields(_value(der))[0]))
    return inner[6 if inner[0][0] == 0xA0 else 5]


def _fields(value: bytes) -> list[bytes]:
    """The elements in a row of DER, each with its tag and length."""
    found = []
    while value:
        start, length = _length(value)
        found.append(value[: start + length])
        value = value[start + length :]
    return found


def _value(element: bytes) -> bytes:
    start, length = _length(element)
    return element[start : start + length]


def _length(element: bytes) -> tuple[int, int]:
    """Where the value of an element begins, and how long it is."""
    first = element[1]
    if first < 0x80:
        return 2, first
    count = first & 0x7F
    return 2 + count, int.from_bytes(element[2 : 2 + count], "big")
