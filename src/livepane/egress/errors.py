"""What goes wrong on the way out, as ScrapeErrors with a sentence for people. No sentence has an address that a name led to."""

from __future__ import annotations

import re
import ssl

from livepane.scrapers.contract import Astray, ScrapeError

_NET_ERROR = re.compile(r"(?:net::)?ERR_[A-Z0-9_]+")


def refused(where: str, why: str, mend: str = "") -> ScrapeError:
    """A target that nobody may reach from here."""
    return ScrapeError("refused_target", f"{where} is not fetched: {why}.{' ' + mend if mend else ''}")


def no_such_name(host: str) -> ScrapeError:
    """The name does not exist."""
    return ScrapeError("dns", f"The name {host} does not exist. Check how it is spelt.")


def unanswered_name(host: str) -> ScrapeError:
    """Nobody says whether the name exists."""
    return ScrapeError("dns", f"The address of {host} could not be looked up: the name servers do not answer.", retry=True)


def too_late(what: str, seconds: float) -> ScrapeError:
    """No answer in time."""
    return ScrapeError("timeout", f"{what} did not answer within {seconds:g} s.", retry=True)


def unreachable(where: str, reason: str) -> ScrapeError:
    """Nobody accepts a connection there."""
    return ScrapeError("http", f"{where} accepts no connection: {reason}.", retry=True)


class Broken(ScrapeError):
    """A connection that ended before the answer did: the next one may last."""


def broken(where: str, reason: str) -> Broken:
    """A connection that ended before the answer did."""
    return Broken("http", f"The connection with {where} broke: {reason}.", retry=True)


def garbled(where: str, reason: str) -> ScrapeError:
    """An answer that is not HTTP."""
    return ScrapeError("http", f"{where} does not answer in HTTP: {reason}.")


def astray(message: str) -> Astray:
    """Redirects that come to no end."""
    return Astray("budget", message)


def over_budget(message: str) -> ScrapeError:
    """A limit of the job is reached."""
    return ScrapeError("budget", message)


def tls(host: str, error: ssl.SSLError) -> ScrapeError:
    """Why no trusted connection came about."""
    if isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError | ssl.SSLEOFError):
        return ScrapeError("tls", f"No secure connection with {host}: it was closed in the handshake.", retry=True)
    if not isinstance(error, ssl.SSLCertVerificationError):
        reason = (error.reason or str(error) or "no reason given").replace("_", " ").lower()
        return ScrapeError("tls", f"No secure connection with {host}: {reason}.")
    return ScrapeError("tls", _certificate(host, error.verify_code, error.verify_message))


def _certificate(host: str, code: int, message: str) -> str:
    match code:  # OpenSSL's X509_V_ERR_…; the numbers are part of its interface
        case 10:
            return f"The certificate of {host} has expired."
        case 9:
            return f"The certificate of {host} is not valid yet."
        case 18:
            return f"The certificate of {host} is self-signed: no authority vouches for it."
        case 19:
            return f"The certificate of {host} is signed by an authority of its own, which is not trusted here."
        case 20 | 21:
            return f"The certificate of {host} is signed by an authority that is not known here, or its chain is incomplete."
        case 62 | 64:
            return f"The certificate of {host} is made out for another name."
        case 23:
            return f"The certificate of {host} has been revoked."
        case _:
            return f"The certificate of {host} is not accepted: {message}."


def of_chromium(where: str, text: str) -> ScrapeError | None:
    """What a network error of Chromium (`net::ERR_…` anywhere in the text) means; None when there is none in it."""
    if (found := _NET_ERROR.search(text)) is None:
        return None
    name = found.group().removeprefix("net::")
    match name:
        case "ERR_NAME_NOT_RESOLVED" | "ERR_NAME_RESOLUTION_FAILED":
            return no_such_name(where)
        case "ERR_CERT_DATE_INVALID":
            return ScrapeError("tls", f"The certificate of {where} has expired, or is not valid yet.")
        case "ERR_CERT_COMMON_NAME_INVALID":
            return ScrapeError("tls", _certificate(where, 62, ""))
        case "ERR_CERT_AUTHORITY_INVALID":
            return ScrapeError("tls", f"The certificate of {where} is self-signed, or its authority is not known here.")
        case "ERR_TIMED_OUT" | "ERR_CONNECTION_TIMED_OUT":
            return ScrapeError("timeout", f"{where} did not answer in time.", retry=True)
        case "ERR_TOO_MANY_REDIRECTS":
            return astray(f"{where} redirects in a circle.")
        case "ERR_UNSAFE_PORT" | "ERR_UNKNOWN_URL_SCHEME" | "ERR_DISALLOWED_URL_SCHEME" | "ERR_BLOCKED_BY_CLIENT":
            return refused(where, f"the browser says {name}")
        case _ if name.startswith(("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL")):
            return ScrapeError("tls", f"No secure connection with {where}: {name}.")
        case _:
            return ScrapeError("http", f"{where} could not be opened: {name}.", retry=True)
