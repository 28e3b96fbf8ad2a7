"""Half a wish for Kafka is refused at the start, with the names of what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from livepane.commands import provenance
from livepane.domain.kafka import Cluster
from livepane.settings import Settings
from livepane.wire.wrong import explain


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        for variable in provenance.variables_of(name, Settings.model_fields[name]):
            monkeypatch.delenv(variable, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Cluster | None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings().kafka


def test_without_a_broker_there_is_no_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch) is None


def test_what_earlier_bridges_were_given_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = read(monkeypatch, KAFKA_BROKER="kafka.example:9093", KAFKA_USERNAME="me", KAFKA_PASSWORD="secret")
    assert cluster == Cluster(("kafka.example:9093",), "SASL_SSL", "PLAIN", "me", "secret")
    assert "secret" not in repr(cluster)


def test_an_empty_variable_hides_no_other_name_of_the_same_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = read(monkeypatch, KAFKA_BOOTSTRAP_SERVERS="", KAFKA_BROKER="kafka.example:9092", KAFKA_SSL_CAFILE="")
    assert cluster == Cluster(("kafka.example:9092",))
    origins = {setting.name: setting.origin for setting in provenance.read({})}
    assert (origins["kafka_bootstrap_servers"], origins["kafka_ssl_cafile"]) == ("KAFKA_BROKER", provenance.DEFAULT)


def test_a_password_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    cluster = read(
        monkeypatch,
        KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9092",
        KAFKA_SASL_USERNAME="me",
        KAFKA_SASL_PASSWORD_FILE=str(tmp_path / "password"),
        KAFKA_SASL_MECHANISM="SCRAM-SHA-512",
    )
    assert cluster == Cluster(("127.0.0.1:9092",), "SASL_PLAINTEXT", "SCRAM-SHA-512", "me", "secret")


HALVES = {
    "a user without a password": (
        {"KAFKA_BROKER": "a:1", "KAFKA_USERNAME": "me"},
        ["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"],
    ),
    "a password without a user": ({"KAFKA_BROKER": "a:1", "KAFKA_PASSWORD": "hush"}, ["KAFKA_SASL_USERNAME"]),
    "a user without a broker": (
        {"KAFKA_USERNAME": "me", "KAFKA_PASSWORD": "hush"},
        ["KAFKA_SASL_USERNAME", "KAFKA_BOOTSTRAP_SERVERS"],
    ),
    "a sign-in without a user": (
        {"KAFKA_BROKER": "a:1", "KAFKA_SECURITY_PROTOCOL": "SASL_SSL"},
        ["KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_USERNAME"],
    ),
    "a mechanism without a user": (
        {"KAFKA_BROKER": "a:1", "KAFKA_SASL_MECHANISM": "PLAIN"},
        ["KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME"],
    ),
    "a user where nobody is asked": (
        {"KAFKA_BROKER": "a:1", "KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_USERNAME": "me", "KAFKA_PASSWORD": "hush"},
        ["KAFKA_SASL_USERNAME", "KAFKA_SECURITY_PROTOCOL"],
    ),
    "a certificate without a key": (
        {"KAFKA_BROKER": "a:1", "KAFKA_SSL_CERTFILE": __file__},
        ["KAFKA_SSL_CERTFILE", "KAFKA_SSL_KEYFILE"],
    ),
    "an authority without TLS": (
        {"KAFKA_BROKER": "a:1", "KAFKA_SECURITY_PROTOCOL": "PLAINTEXT", "KAFKA_SSL_CAFILE": __file__},
        ["KAFKA_SSL_CAFILE", "KAFKA_SECURITY_PROTOCOL"],
    ),
    "a password twice": (
        {"KAFKA_BROKER": "a:1", "KAFKA_USERNAME": "me", "KAFKA_PASSWORD": "hush", "KAFKA_SASL_PASSWORD_FILE": __file__},
        ["KAFKA_SASL_PASSWORD", "KAFKA_SASL_PASSWORD_FILE"],
    ),
    "a broker without a port": ({"KAFKA_BROKER": "kafka.example"}, ["KAFKA_BOOTSTRAP_SERVERS"]),
    "a topic with a space": ({"KAFKA_TOPIC_PREFIX": "my topics"}, ["KAFKA_TOPIC_PREFIX"]),
}


@pytest.mark.parametrize("half", HALVES)
def test_half_a_wish_is_refused_with_the_names(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    variables, named = HALVES[half]
    with pytest.raises(ValidationError) as refused:
        read(monkeypatch, **variables)
    said = explain(refused.value)
    assert [name for name in named if name not in said] == []
    assert "hush" not in said, "the password is no part of the sentence"
    assert provenance.problems(refused.value), "`livepane config show` marks the settings that it is about"
