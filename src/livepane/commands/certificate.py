"""The certificate that the server shows: read, tried out and judged before anything listens."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from livepane.discovery import trusting
from livepane.domain.errors import BadRequest

SOON = 14 * 86400.0  # seconds before its end when a certificate is spoken of


@dataclass(frozen=True, slots=True)
class Tls:
    """What the server speaks TLS with."""

    context: ssl.SSLContext
    certificate: str  # PEM of our own certificate, without its chain
    warning: str | None  # something to mend that does not stop the start


def load(cert: Path | None, key: Path | None) -> Tls | None:
    """Read both files; None when neither is set.

    Raises:
        BadRequest: names the file and the mend.
    """
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        there, missing = ("--tls-key", "--tls-cert") if cert is None else ("--tls-cert", "--tls-key")
        raise BadRequest(
            f"{there} {cert or key} is given and {missing} is not: TLS needs a certificate and its key. Give both, or neither"
        )
    certificate = _first_certificate(cert)
    _readable(key, "--tls-key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key, password=_no_passphrase(key))
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise BadRequest(
                f"the key {key} does not belong to the certificate {cert}; give the key that this certificate was made with"
            ) from None
        raise BadRequest(f"{cert} and {key} cannot be used ({error.reason or error}); both have to be PEM files") from None
    return Tls(context, certificate, _judged(cert, certificate, context))


def _readable(path: Path, option: str) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise BadRequest(
            f"{option} {path} cannot be read ({error.strerror}); name a file that this user may read, or let it be read"
        ) from None


def _first_certificate(path: Path) -> str:
    text = _readable(path, "--tls-cert")
    start, end = text.find("-----BEGIN CERTIFICATE-----"), text.find("-----END CERTIFICATE-----")
    if start < 0 or end < start:
        raise BadRequest(f"--tls-cert {path} holds no certificate; it has to be a PEM file with -----BEGIN CERTIFICATE-----")
    return text[start : end + len("-----END CERTIFICATE-----")] + "\n"


def _no_passphrase(key: Path) -> Callable[[], str]:
    def ask() -> str:
        raise BadRequest(f"the key {key} has a passphrase, and nobody is there to type it; give a key without one")

    return ask


def _judged(path: Path, certificate: str, context: ssl.SSLContext) -> str | None:
    """What is wrong with its time. It is shown to a client in memory: exactly what the commands of this machine will do."""
    shown = _shown_to_a_client(path, certificate, context)
    now = time.time()
    begins, ends = (ssl.cert_time_to_seconds(str(shown[when])) for when in ("notBefore", "notAfter"))
    if ends < now:
        return f"the certificate {path} expired on {shown['notAfter']}: browsers will refuse it. Renew it and start again"
    if begins > now:
        return f"the certificate {path} is not valid before {shown['notBefore']}: see to it, and to the clock of this machine"
    if ends < now + SOON:
        return f"the certificate {path} expires on {shown['notAfter']}. Renew it and start again"
    return None


def _shown_to_a_client(path: Path, certificate: str, context: ssl.SSLContext) -> dict[str, object]:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(to_server, to_client, server_side=True)
    try:
        client = trusting(certificate).wrap_bio(to_client, to_server)
        waiting = [client, server]
        while waiting:
            for one in list(waiting):
                try:
                    one.do_handshake()
                    waiting.remove(one)
                except ssl.SSLWantReadError:
                    continue
    except ssl.SSLError as error:
        raise BadRequest(f"the certificate {path} cannot be used by a server ({error.reason or error}); make another") from None
    shown = client.getpeercert()
    return dict(shown) if shown else {}
