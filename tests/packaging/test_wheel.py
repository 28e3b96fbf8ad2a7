"""What we ship works on a machine that has Python and nothing else: the wheel, a clean environment, no Node."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.packaging, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this very tree."""
    if not (ROOT / "src/livepane/web/index.html").is_file():
        pytest.fail("src/livepane/web holds no dashboard, so there is nothing to ship: run `make setup` first")
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean_bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment with the wheel and the dependencies that its metadata names, at the locked versions."""
    folder = tmp_path_factory.mktemp("clean")
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder / "env"))
    locked = (ROOT / "requirements/run.lock").read_text(encoding="utf-8")
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(re.findall(r"^(\w\S*==[^\\\n]+)", locked, re.MULTILINE)), encoding="utf-8")
    # As with the environment of the tests: what is imported is compiled then, and nothing else.
    _pip(folder / "env", "install", "--quiet", "--no-compile", "--constraint", str(constraints), str(wheel))
    return folder / "env" / "bin"


@pytest.fixture(scope="module")
def bare_environment(clean_bin: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A PATH with the new environment and the system's plain tools, and without node."""
    home = tmp_path_factory.mktemp("home")
    tools = tmp_path_factory.mktemp("tools")
    for name in ("sh", "uname", "env"):
        found = next((Path(place) / name for place in ("/usr/bin", "/bin") if (Path(place) / name).exists()), None)
        if found is not None:
            (tools / name).symlink_to(found)
    return {"PATH": f"{clean_bin}{os.pathsep}{tools}", "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def server(clean_bin: Path, bare_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the installed server, once it says that it is healthy."""
    data = tmp_path_factory.mktemp("data")
    port = _free_port()
    log_path = data.parent / "server.log"
    command = [str(clean_bin / "livepane"), "serve", "--port", str(port), "--data-dir", str(data)]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=data, env=bare_environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}", process, log_path)
            yield f"http://127.0.0.1:{port}"
            process.terminate()
            assert process.wait(PATIENCE) == 0, log_path.read_text(encoding="utf-8", errors="replace")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def test_the_wheel_carries_the_dashboard_the_element_and_the_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for wanted in ("livepane/py.typed", "livepane/web/index.html", "livepane/web/live-pane.js"):
        assert wanted in names, f"{wanted} is not in the wheel"
    assert any(name.startswith("livepane/demo/site/") for name in names), "the demo's pages are not in the wheel"


def test_the_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"livepane"}


def test_the_default_install_is_light(clean_bin: Path) -> None:
    listed = _pip(clean_bin.parent, "list", "--format=freeze").lower()
    for extra in ("playwright", "mss", "xcffib"):
        assert f"{extra}==" not in listed, f"{extra} belongs to an extra, not to the default install"


def test_the_installed_server_is_healthy_without_node(server: str) -> None:
    assert httpx.get(f"{server}/healthz", timeout=PATIENCE).status_code == 200


def test_the_installed_server_shows_the_dashboard_and_all_it_loads(server: str) -> None:
    page = httpx.get(f"{server}/", headers={"Accept": "text/html"}, follow_redirects=True, timeout=PATIENCE)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assets = re.findall(r'(?:src|href)="(/?[^":]+\.(?:js|css|svg))"', page.text)
    assert any(asset.endswith(".js") for asset in assets), page.text
    for asset in assets:
        got = httpx.get(f"{server}/{asset.lstrip('./')}", timeout=PATIENCE)
        assert got.status_code == 200, asset
        assert got.content, asset


def _run(*command: str) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout


def _pip(environment: Path, *words: str) -> str:
    """Our own pip, at work in another environment."""
    return _run(sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), *words)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended by itself:\n{log_path.read_text(encoding='utf-8', errors='replace')}"
        try:
            if httpx.get(f"{address}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"no answer at {address}/healthz:\n{log_path.read_text(encoding='utf-8', errors='replace')}")
