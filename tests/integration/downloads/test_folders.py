"""Collections under real trouble: writers that die, writers that meet, disks that are full or may not be written to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from livepane.downloads.collection import Collection
from scripts.house.tree import ROOT
from tests.serving import environment
from tests.unit.downloads.kept import files, photo


def program(name: str, *words: str) -> list[str]:
    """The command that runs a program of this folder."""
    return [sys.executable, "-W", "error", "-m", f"tests.integration.downloads.{name}", *words]


def test_a_writer_may_die_at_any_step_and_nothing_is_lost_torn_or_left_lying(tmp_path: Path) -> None:
    done = subprocess.run(program("crashing", str(tmp_path)), cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("killed at") == 5


def test_a_full_disk_and_a_read_only_one_are_said_and_cost_nothing_that_was_kept(tmp_path: Path) -> None:
    mounted = 'mount -t tmpfs -o size=256k none "$0" && exec "$@"'
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, str(tmp_path), *program("full_disk", str(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 2, done.stdout  # what a person reads, of either


def test_two_processes_keep_into_one_folder_and_both_are_right(tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    both = [
        subprocess.Popen(
            program("two_at_once", str(folder), str(which)),
            cwd=ROOT,
            env=environment(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for which in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == b"ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.flush()
    assert [one.wait(60) for one in both] == [0, 0]
    for one in both:
        for pipe in (one.stdin, one.stdout):
            assert pipe is not None
            pipe.close()
    records = {record.key: record for record in Collection.open(folder).records()}
    assert {int(key) for key in records} - set(range(5)) == set(range(5, 30))
    bests = [record.best for record in records.values()]
    for key, record in records.items():
        assert record.best is not None
        assert (folder / record.best.file).read_bytes() == photo(int(key), 64, 48)
    assert len({best.file for best in bests if best}) == len(records)
    assert len(files(folder)) == len(records)  # nothing lies about that no item knows
