"""What streams and nodes are called."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from livepane.bus.names import NODE_FILE, cluster_name, home_of, local_name, node_name
from livepane.domain.bus import NODE_NAME
from livepane.domain.stream import StreamId


@pytest.mark.parametrize(
    ("local", "everywhere"),
    [
        ("desktop:0", "desktop:0@a.b-1"),
        ("monitor:2", "monitor:2@a.b-1"),
        ("window:4194311", "window:4194311@a.b-1"),
        ("page:k3f9", "page:k3f9"),
        ("producer:alice@home", "producer:alice@home"),
        ("job:7", "job:7"),
    ],
)
def test_what_every_machine_has_is_named_after_it_elsewhere(local: str, everywhere: str) -> None:
    assert cluster_name(StreamId.parse(local), "a.b-1") == everywhere
    assert local_name(everywhere, "a.b-1") == local
    assert home_of(StreamId.parse(everywhere)) == ("a.b-1" if everywhere != local else None)
    assert home_of(StreamId.parse(local)) is None
    assert local_name(everywhere, "other") == everywhere


def test_the_name_of_a_node_is_the_given_one_or_one_that_the_data_folder_keeps(tmp_path: Path) -> None:
    assert node_name("given", tmp_path) == "given"
    assert not (tmp_path / NODE_FILE).exists()
    made = node_name(None, tmp_path)
    assert NODE_NAME.fullmatch(made)
    assert re.search(r"-[a-z0-9]{4}$", made)
    assert node_name(None, tmp_path) == made
    assert stat.S_IMODE((tmp_path / NODE_FILE).stat().st_mode) == 0o600


def test_a_name_that_cannot_be_one_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / NODE_FILE).write_bytes(b"\xff no name \n")
    assert NODE_NAME.fullmatch(node_name(None, tmp_path))


def test_two_folders_have_two_names(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    assert len({node_name(None, folder) for folder in folders}) == 2
