"""What lies in deploy/ is read by the programs that it is for, and names only settings and commands that there are."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from livepane.commands import provenance
from livepane.domain.job import JobState
from livepane.settings import Settings
from livepane.store.tables import jobs
from scripts.house.tree import ROOT
from tests.certificates import certificate
from tests.docs.test_commands_in_docs import parse

DEPLOY = ROOT / "deploy"
PROFILES = {
    "app": {"app"},
    "kafka": {"app-kafka", "kafka", "kafka-init"},
    "jobs": {"app-jobs", "worker-jobs", "postgres", "valkey", "flower"},
    "full": {
        *("gateway-1", "gateway-2", "worker-1", "worker-2", "proxy", "kafka", "kafka-init", "postgres", "valkey", "flower"),
        *("prometheus", "grafana"),
    },
}
OVERLAYS = ("single", "cluster")
KUBERNETES = "1.33"
FOREIGN = {"kafka.strimzi.io/v1", "keda.sh/v1alpha1", "monitoring.coreos.com/v1"}  # their schemas come with their operators


def program(name: str) -> str:
    """One that came with the Python packages of the tests, or of this machine."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]))
    assert found is not None, f"{name} is not installed; `make test` says what is missing"
    return found


def run(*words: str | Path, **env: str) -> str:
    """What a program prints; it must end with 0."""
    plain = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | env
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, env=plain, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- settings ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No setting comes from the environment of the tests."""
    for name in [name for field, info in Settings.model_fields.items() for name in provenance.variables_of(field, info)]:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def settings_of(env: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What a container with these variables would be; files of secrets are there."""
    with monkeypatch.context() as patched:
        for name, value in env.items():
            if name.endswith(("_FILE", "_CAFILE")):
                value = str(folder / name)
                Path(value).write_text("a-secret\n")
            patched.setenv(name, value)
        known = {name for field, info in Settings.model_fields.items() for name in provenance.variables_of(field, info)}
        assert set(env) - known == set(), "variables that nothing reads"
        return Settings()


def test_every_line_of_the_example_is_a_setting_with_its_default(bare: pytest.MonkeyPatch) -> None:
    lines = [line for line in (DEPLOY / ".env.example").read_text().splitlines() if re.match(r"#[A-Z_]+=", line)]
    assert len(lines) == len(Settings.model_fields)
    default = Settings()
    for name, _, value in (line.removeprefix("#").partition("=") for line in lines):
        if value:
            bare.setenv(name, value)
    assert Settings() == default


# --- containers ----------------------------------------------------------------------------------------------------------------


def composed(profile: str, folder: Path) -> dict[str, Any]:
    """A profile as `docker compose` reads it, with the passwords that secrets.sh makes."""
    words: list[str | Path] = ["--env-file", folder / ".env", "--profile", profile, "config", "--format", "json"]
    read: dict[str, Any] = json.loads(run(program("docker-compose"), "--file", DEPLOY / "compose.yaml", *words))
    return read


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which secrets.sh has run."""
    folder = tmp_path_factory.mktemp("deploy")
    shutil.copy(DEPLOY / "secrets.sh", folder)
    run(folder / "secrets.sh")
    return folder


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_is_a_deployment_of_its_own(profile: str, secrets: Path) -> None:
    read = composed(profile, secrets)
    assert set(read["services"]) == PROFILES[profile]
    for name, service in read["services"].items():
        assert set(service.get("depends_on", {})) <= set(read["services"]), name
        assert service["init"] is True
        assert "no-new-privileges:true" in service["security_opt"]
        assert (
            service["image"] == "livepane:latest"
            or re.search(r":v?\d+\.\d", service["image"])
            or "postgres:17" in service["image"]
        )
        assert all(port["host_ip"] == "127.0.0.1" for port in service.get("ports", ())), f"{name} is open to the network"
        if name != "kafka-init":
            assert service["image"] == "livepane:latest" or "test" in service["healthcheck"], f"nobody looks after {name}"


@pytest.mark.parametrize("profile", PROFILES)
def test_ours_run_as_nobody_with_a_sandbox_for_chromium_and_settings_that_hold(
    profile: str, secrets: Path, tmp_path: Path, bare: pytest.MonkeyPatch
) -> None:
    ours = {name: one for name, one in composed(profile, secrets)["services"].items() if one["image"] == "livepane:latest"}
    assert ours
    for name, service in ours.items():
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
        assert int(service["shm_size"]) >= 2**30
        assert any("chromium-seccomp.json" in one for one in service["security_opt"])
        assert service["stop_grace_period"] == "40s"
        env = {key: value for key, value in service["environment"].items() if not key.startswith("FLOWER_")}
        settings = settings_of(env, tmp_path, bare)
        assert (settings.kafka is not None) == (profile in ("kafka", "full") and name != "flower")
        assert (settings.jobs_engine == "celery") == ("CELERY_BROKER_URL" in env)
        if service.get("entrypoint") is None:
            parse(service.get("command") or ["serve"])


def test_secrets_are_made_once_and_for_their_owner_alone(secrets: Path) -> None:
    made = {path: path.read_text() for path in secrets.rglob("*") if path.is_file()}
    run(secrets / "secrets.sh")
    assert {path: path.read_text() for path in secrets.rglob("*") if path.is_file()} == made
    assert stat.S_IMODE((secrets / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((secrets / "secrets").stat().st_mode) == 0o700
    written = set(re.findall(r"^(\w+)=", made[secrets / ".env"], re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+):-\}", (DEPLOY / "compose.yaml").read_text()))
    assert asked == written
    assert all(len(value) >= 32 for value in re.findall(r"=(?:flower:)?(.+)", made[secrets / ".env"]))


def test_the_image_is_written_as_its_linter_wants_it_and_copies_what_is_there() -> None:
    assert run(program("hadolint"), DEPLOY / "Dockerfile") == ""
    text = (DEPLOY / "Dockerfile").read_text()
    copied = {word for line in re.findall(r"^COPY (?!--from)(.+)", text, re.MULTILINE) for word in line.split()[:-1]}
    assert all((ROOT / one).exists() for one in copied)
    let_in = set(re.findall(r"^!(.+)", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert {one.partition("/")[0] for one in copied} <= let_in
    assert re.findall(r"^USER (.+)", text, re.MULTILINE) == ["10001:10001"]


def test_the_profile_for_chromium_lets_it_make_namespaces_and_nothing_get_at_the_kernel() -> None:
    profile = json.loads((DEPLOY / "chromium-seccomp.json").read_text())
    denied = {name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ERRNO" for name in rule["names"]}
    assert denied.isdisjoint({"clone", "clone3", "unshare", "chroot", "seccomp", "prctl"})
    assert {"mount", "bpf", "init_module", "kexec_load", "keyctl", "open_by_handle_at", "io_uring_setup", "setns"} <= denied


# --- proxies -------------------------------------------------------------------------------------------------------------------


def test_nginx_reads_what_is_in_front_of_compose_and_what_faces_the_network(tmp_path: Path) -> None:
    own = certificate(tmp_path / "certificate")
    for name in ("nginx.conf", "proxy.conf", "public.conf"):
        text = re.sub(r"gateway-\d", "127.0.0.1", (DEPLOY / "nginx" / name).read_text())
        text = text.replace("/etc/ssl/panes.crt", str(own.cert)).replace("/etc/ssl/panes.key", str(own.key))
        text = text.replace("/run/nginx.pid", str(tmp_path / "pid")).replace("/var/log/nginx", str(tmp_path))
        (tmp_path / name).write_text(text)
    (tmp_path / "facing.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include public.conf; }}\n")
    for name in ("nginx.conf", "facing.conf"):
        run(program("nginx"), "-t", "-p", tmp_path, "-c", tmp_path / name)


def test_caddy_reads_its_file_and_finds_it_well_written(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    read = json.loads(run(program("caddy"), "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", **home))
    assert '"flush_interval": -1' in json.dumps(read)
    assert run(program("caddy"), "fmt", DEPLOY / "Caddyfile", **home) == (DEPLOY / "Caddyfile").read_text()


# --- Kubernetes ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=OVERLAYS)
def rendered(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    """Everything that an overlay makes."""
    overlay: str = request.param
    said = run(program("kubectl"), "kustomize", DEPLOY / "kubernetes" / "overlays" / overlay)
    return overlay, list(yaml.safe_load_all(said))


Rendered = tuple[str, list[dict[str, Any]]]


def pods(documents: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every pod that there will be, by the name of what makes it."""
    for one in documents:
        if one["kind"] in ("Deployment", "StatefulSet"):
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def test_every_resource_is_what_kubernetes_knows(rendered: Rendered) -> None:
    for one in rendered[1]:
        if one["apiVersion"] not in FOREIGN:
            kubernetes_validate.validate(one, KUBERNETES, strict=True)
        assert one["kind"] == "Namespace" or one["metadata"]["namespace"] == "livepane"


def test_no_pod_may_do_more_than_it_has_to(rendered: Rendered) -> None:
    for name, pod in pods(rendered[1]):
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"]["type"] in ("RuntimeDefault", "Unconfined")
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_probes_name_a_host_that_is_ours(rendered: Rendered) -> None:
    ((_, pod),) = [(name, pod) for name, pod in pods(rendered[1]) if name == "gateway"]
    assert pod["terminationGracePeriodSeconds"] >= 20
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert pod["containers"][0][probe]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "localhost"}]


def test_a_worker_is_looked_after_as_it_is_in_compose(rendered: Rendered) -> None:
    overlay, documents = rendered
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["x-worker"]["healthcheck"]["test"]
    checks = [pod["containers"][0]["livenessProbe"]["exec"]["command"] for name, pod in pods(documents) if name == "worker"]
    assert checks == ([] if overlay == "single" else [compose[1:]])


def test_ours_have_settings_that_hold_commands_that_exist_and_room_for_chromium(
    rendered: Rendered, tmp_path: Path, bare: pytest.MonkeyPatch
) -> None:
    overlay, documents = rendered
    maps = {one["metadata"]["name"]: one["data"] for one in documents if one["kind"] == "ConfigMap"}
    claims = {one["metadata"]["name"] for one in documents if one["kind"] == "PersistentVolumeClaim"}
    ours = {name: pod for name, pod in pods(documents) if name in ("gateway", "worker")}
    assert set(ours) == ({"gateway"} if overlay == "single" else {"gateway", "worker"})
    secret = {"CELERY_BROKER_URL": "redis://:x@valkey:6379/0", "DATABASE_URL": "postgresql://livepane:x@postgres:5432/livepane"}
    for pod in ours.values():
        (container,) = pod["containers"]
        parse(container["args"])
        (shared,) = [maps[one["configMapRef"]["name"]] for one in container["envFrom"]]
        env = {one["name"]: one.get("value", secret.get(one["name"], "a-pod-0")) for one in container["env"]}
        settings = settings_of({**shared, **env}, tmp_path, bare)
        assert (settings.kafka is not None) == (settings.jobs_engine == "celery") == (overlay == "cluster")
        mounted = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
        assert mounted["shm"] == "/dev/shm"
        volumes = {one["name"]: one for one in pod["volumes"]}
        for one in volumes.values():
            assert "persistentVolumeClaim" not in one or one["persistentVolumeClaim"]["claimName"] in claims
        for name, value in {**shared, **env}.items():  # every file that a setting names is mounted
            if name.endswith("FILE"):
                assert any(value.startswith(f"{path}/") for path in mounted.values()), value


def test_the_secret_that_an_operator_is_told_to_make_has_every_key_that_is_asked_for(rendered: Rendered) -> None:
    overlay, documents = rendered
    told = (DEPLOY / "kubernetes" / "overlays" / overlay / "kustomization.yaml").read_text()
    asked = {key for one in documents for key in keys_of_secret(one, "livepane")}
    assert asked == set(re.findall(r"--from-literal=([\w-]+)=", told))


def keys_of_secret(part: Any, name: str) -> Iterator[str]:
    """Every key of a secret that is named anywhere below."""
    if isinstance(part, dict):
        if part.get("secretName") == name:
            yield from (one["key"] for one in part["items"])
        if (found := part.get("secretKeyRef", {})) and found["name"] == name:
            yield found["key"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from keys_of_secret(one, name)


def test_keda_asks_for_a_table_and_states_that_there_are() -> None:
    worker, scaled = yaml.safe_load_all((DEPLOY / "kubernetes" / "components" / "jobs" / "worker.yaml").read_text())
    (trigger,) = scaled["spec"]["triggers"]
    env = {one["name"]: one.get("value") for one in worker["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert trigger["metadata"]["targetQueryValue"] == env["LIVEPANE_WORKER_CONCURRENCY"]
    query = trigger["metadata"]["query"]
    assert re.findall(r"FROM (\w+) WHERE (\w+) IN", query) == [(jobs.name, "state")]
    assert set(re.findall(r"'(\w+)'", query)) == {JobState.QUEUED, JobState.RETRYING, JobState.RUNNING}


def test_strimzi_makes_what_our_settings_ask_for(tmp_path: Path) -> None:
    documents = list(yaml.safe_load_all(run(program("kubectl"), "kustomize", DEPLOY / "kubernetes/overlays/cluster")))
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for one in documents:
        by_kind.setdefault(one["kind"], []).append(one)
    ((kafka,), (pool,), (user,)) = (by_kind[kind] for kind in ("Kafka", "KafkaNodePool", "KafkaUser"))
    (shared,) = [one["data"] for one in by_kind["ConfigMap"]]
    (listener,) = kafka["spec"]["kafka"]["listeners"]
    assert shared["KAFKA_BOOTSTRAP_SERVERS"] == f"{kafka['metadata']['name']}-kafka-bootstrap:{listener['port']}"
    assert shared["KAFKA_SASL_MECHANISM"].lower() == listener["authentication"]["type"] == user["spec"]["authentication"]["type"]
    assert shared["KAFKA_SASL_USERNAME"] == user["metadata"]["name"]
    for one in [pool, user, *by_kind["KafkaTopic"]]:
        assert one["metadata"]["labels"]["strimzi.io/cluster"] == kafka["metadata"]["name"]
    for topic in by_kind["KafkaTopic"]:
        assert topic["spec"]["topicName"].startswith(user["spec"]["authorization"]["acls"][0]["resource"]["name"])
        assert topic["spec"]["replicas"] <= pool["spec"]["replicas"]
