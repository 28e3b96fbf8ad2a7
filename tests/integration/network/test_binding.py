"""Which bind starts, which warns, which refuses; and what a certificate may be."""

from __future__ import annotations

import json
import socket as sockets
from pathlib import Path

import httpx
import pytest

from livepane.discovery import Located, locate, trusting
from tests.certificates import Certificate, certificate
from tests.integration.server.test_starting_and_ending import refused
from tests.patience import PATIENCE
from tests.serving import Server, StartServer


def address_of_this_machine() -> str:
    """One that is not loopback."""
    with sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent
        return str(probe.getsockname()[0])


def get(server: Server, path: str, host: str | None = None, address: str = "127.0.0.1", **headers: str) -> httpx.Response:
    """Ask at one of the server's addresses."""
    scheme = "https" if server.url.startswith("https") else "http"
    named = {"Host": host} if host else {}
    certificate = json.loads((server.folder / "server.json").read_text()).get("certificate")
    return httpx.get(
        f"{scheme}://{address}:{server.port}{path}",
        headers=named | headers,
        trust_env=False,
        timeout=PATIENCE,
        verify=trusting(certificate) if certificate else True,
    )


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("auth", [None, "open", "required"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "this machine"])
def test_what_starts_what_warns_and_what_is_refused(
    start_server: StartServer, tmp_path: Path, own_certificate: Certificate, host: str, auth: str | None, tls: bool
) -> None:
    loopback = host == "127.0.0.1"
    bind = address_of_this_machine() if host == "this machine" else host
    options = ["--host", bind, *(own_certificate.options if tls else [])]
    if auth == "open" and not loopback:
        code, said = refused(tmp_path, *options, LIVEPANE_AUTH=auth)
        assert code == 2
        assert bind in said
        assert "LIVEPANE_AUTH=open" in said
        assert not (tmp_path / "data").exists()
        return
    one = start_server(*options, LIVEPANE_AUTH=auth)
    assert ("warning: without TLS" in one.logged()) == (not loopback and not tls)
    assert one.url.startswith("https://" if tls else "http://")
    open_to_all = loopback and auth != "required"
    here = one.url.partition("://")[2].rpartition(":")[0]
    assert get(one, "/api/streams", address=here).status_code == (200 if open_to_all else 401)
    assert get(one, "/api/streams", address=here, Authorization=f"Bearer {one.token}").status_code == 200
    assert get(one, "/healthz", address=here).status_code == 200


def test_on_a_network_bind_a_token_is_demanded_on_loopback_too(start_server: StartServer) -> None:
    one = start_server("--host", "0.0.0.0")
    for address in ("127.0.0.1", address_of_this_machine()):
        for path in ("/api/streams", "/streams/page:x.jpg"):
            assert get(one, path, address=address).status_code == 401
            assert get(one, path, address=address, Authorization=f"Bearer {one.token}").status_code in (200, 404)


def test_on_a_network_bind_our_number_is_a_host_and_a_name_that_leads_to_it_is_not(start_server: StartServer) -> None:
    one = start_server("--host", "0.0.0.0", LIVEPANE_ALLOWED_HOSTS="panes.test")
    ours = address_of_this_machine()
    for host, address, expected in [
        (None, ours, 200),
        (None, "127.0.0.1", 200),
        (f"localhost:{one.port}", ours, 200),
        (f"panes.test:{one.port}", ours, 200),
        ("panes.test", "127.0.0.1", 200),
        (f"{ours}:{one.port}", "127.0.0.1", 403),  # the connection came in elsewhere
        (f"{ours}:{one.port + 1}", ours, 403),
        (f"0.0.0.0:{one.port}", ours, 403),
        (f"0.0.0.0:{one.port}", "127.0.0.1", 403),
        (f"[::]:{one.port}", ours, 403),
        (f"{ours}.nip.io:{one.port}", ours, 403),
        (f"{sockets.gethostname()}:{one.port}", ours, 403),
        (f"evil.test:{one.port}", ours, 403),
    ]:
        assert get(one, "/healthz", host, address).status_code == expected, (host, address)


def test_an_unspecified_address_is_no_host_even_when_it_is_listed(start_server: StartServer) -> None:
    one = start_server("--host", "0.0.0.0", LIVEPANE_ALLOWED_HOSTS="0.0.0.0")
    assert get(one, "/healthz", f"0.0.0.0:{one.port}").status_code == 403


def test_a_server_on_both_families_is_called_by_its_number_in_each(start_server: StartServer) -> None:
    one = start_server("--host", "::")
    assert get(one, "/healthz", address="[::1]").status_code == 200
    assert get(one, "/healthz", address="127.0.0.1").status_code == 200
    assert get(one, "/healthz", address=address_of_this_machine()).status_code == 200


def test_the_commands_of_this_machine_trust_the_certificate_in_use_and_no_other(
    start_server: StartServer, own_certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = start_server(*own_certificate.options, "--host", "0.0.0.0")
    monkeypatch.setenv("LIVEPANE_DATA_DIR", str(one.folder))
    for asked in (None, one.url, one.url.replace("127.0.0.1", "localhost")):
        found = locate(asked)
        assert found is not None
        assert found.token == one.token
        tls = found.tls()
        assert tls is not None
        headers = {"Authorization": f"Bearer {found.token}", "Host": f"127.0.0.1:{one.port}"}
        assert (
            httpx.get(f"{found.url}/api/streams", verify=tls, headers=headers, trust_env=False, timeout=PATIENCE).status_code
            == 200
        )
    another = certificate(tmp_path / "another")
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        httpx.get(f"{one.url}/healthz", verify=trusting(another.cert.read_text()), trust_env=False, timeout=PATIENCE)
    plain = locate(f"http://127.0.0.1:{one.port}")
    assert plain == Located(f"http://127.0.0.1:{one.port}", None)  # the token does not go out in the clear


def half(folder: Path, good: Certificate, what: str) -> tuple[list[str], list[str]]:
    """Options that cannot work, and words that the refusal must have."""
    cert, key = str(good.cert), str(good.key)
    match what:
        case "no key":
            return ["--tls-cert", cert], [cert, "--tls-key"]
        case "no certificate":
            return ["--tls-key", key], [key, "--tls-cert"]
        case "not there":
            return ["--tls-cert", f"{folder}/nowhere.pem", "--tls-key", key], [f"{folder}/nowhere.pem", "cannot be read"]
        case "key not there":
            return ["--tls-cert", cert, "--tls-key", f"{folder}/nowhere.key"], [f"{folder}/nowhere.key", "cannot be read"]
        case "a folder":
            return ["--tls-cert", str(folder), "--tls-key", key], [str(folder), "cannot be read"]
        case "not PEM":
            (folder / "text.pem").write_text("hello")
            return ["--tls-cert", f"{folder}/text.pem", "--tls-key", key], [f"{folder}/text.pem", "BEGIN CERTIFICATE"]
        case "another key":
            other = certificate(folder / "other")
            return ["--tls-cert", cert, "--tls-key", str(other.key)], [cert, str(other.key), "does not belong"]
        case "exchanged":
            return ["--tls-cert", key, "--tls-key", cert], [key, "no certificate"]
    raise AssertionError(what)


@pytest.mark.parametrize(
    "what", ["no key", "no certificate", "not there", "key not there", "a folder", "not PEM", "another key", "exchanged"]
)
def test_a_certificate_that_cannot_work_is_refused_with_its_file_and_the_mend(
    tmp_path: Path, own_certificate: Certificate, what: str
) -> None:
    options, words = half(tmp_path, own_certificate, what)
    names = [one.replace("--", "LIVEPANE_").replace("-", "_").upper() for one in options[::2]]
    for given, changes in [(options, {}), ([], dict(zip(names, options[1::2], strict=True)))]:
        code, said = refused(tmp_path, *given, **changes)
        assert code == 2
        for word in words:
            assert word in said.replace("\n", " ")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("times", "word"),
    [({"begins_in": -60, "ends_in": -30}, "expired on"), ({"ends_in": 3}, "expires on"), ({"begins_in": 2}, "not valid before")],
)
def test_a_certificate_out_of_its_time_starts_with_a_warning(
    start_server: StartServer, tmp_path: Path, times: dict[str, float], word: str
) -> None:
    made = certificate(tmp_path, begins_in=times.get("begins_in", -1), ends_in=times.get("ends_in", 90))
    one = start_server(*made.options)
    assert word in one.logged()
    assert str(made.cert) in one.logged()
    assert get(one, "/healthz").status_code == 200  # what is pinned does not age


def test_a_good_certificate_gives_no_warning(start_server: StartServer, own_certificate: Certificate) -> None:
    assert "warning" not in start_server(*own_certificate.options).logged()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVEPANE_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("LIVEPANE_TRUSTED_PROXIES", "proxy.example.org"),
        ("LIVEPANE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("LIVEPANE_ROOT_PATH", '/"><script>'),
        ("LIVEPANE_FRAME_ANCESTORS", "https://a.test; script-src *"),
        ("LIVEPANE_FRAME_ANCESTORS", "*"),
        ("LIVEPANE_MAX_CONNECTIONS", "1"),
    ],
)
def test_a_setting_of_the_network_that_is_none_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    code, said = refused(tmp_path, **{name: value})
    assert code == 2
    assert name.removeprefix("LIVEPANE_").lower() in said


def test_on_a_network_bind_no_page_opens_inside_except_what_is_listed(start_server: StartServer) -> None:
    one = start_server("--host", "0.0.0.0", LIVEPANE_ALLOW_PRIVATE_TARGETS="10.0.0.0/8", LIVEPANE_BROWSER="/nowhere/chromium")
    for url, status, words in [
        ("http://127.0.0.1:{port}/", 400, "it is a loopback address"),
        ("localhost:{port}", 400, "it is this machine"),
        ("http://192.168.0.1/", 400, "it is a private address"),
        ("http://169.254.169.254/latest/meta-data/", 400, "it is a metadata address"),
        ("file:///etc/passwd", 400, "pages are opened at http"),
        ("http://10.0.0.1/", 503, "/nowhere/chromium"),  # listed: only the browser is missing
    ]:
        answer = httpx.post(
            f"http://127.0.0.1:{one.port}/api/pages",
            json={"url": url.format(port=one.port)},
            headers=one.admin,
            trust_env=False,
            timeout=PATIENCE,
        )
        assert (answer.status_code, words in answer.text) == (status, True), answer.text


def test_on_a_loopback_bind_pages_of_this_machine_may_be_opened(start_server: StartServer) -> None:
    one = start_server(LIVEPANE_BROWSER="/nowhere/chromium")
    for url in (f"http://127.0.0.1:{one.port}/", "http://192.168.0.1/"):
        answer = httpx.post(f"{one.url}/api/pages", json={"url": url}, headers=one.admin, trust_env=False, timeout=PATIENCE)
        assert (answer.status_code, "/nowhere/chromium" in answer.text) == (503, True), answer.text  # only the browser is missing
