"""The newest picture of every stream as a file, whatever the stream is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from livepane.bus.kafka import newest
from livepane.bus.kafka.newest import Newest
from livepane.domain.bus import Parcel
from livepane.domain.frame import Frame
from tests.pictures import jpeg, picture

RUSSIAN, CHINESE = "tab:" + "Очень длинное название вкладки про ежедневные продажи", "tab:" + "每日销售报告的一个非常长的标题" * 4
SHORT = "tab:sales 100 % + more"


async def keeps(kept: Newest, *streams: str) -> list[str]:
    """What is kept after a picture of each, the newest last."""
    for number, stream in enumerate(streams, 1):
        await kept.take(Parcel(stream, Frame(1, number, picture(number))))
    return [one.stream for one in kept.all()]


def files(folder: Path) -> list[str]:
    """Their names."""
    return [path.name for path in folder.iterdir()]


async def test_a_stream_of_any_name_is_written_and_known_again(tmp_path: Path) -> None:
    names = [RUSSIAN, CHINESE, CHINESE + "二", SHORT, "tab:" + "я" * 128]
    assert await keeps(Newest(tmp_path), *names) == names
    assert max(len(name.encode()) for name in files(tmp_path)) < 200
    again = Newest(tmp_path)
    found = {one.stream: one.path for one in again.all()}
    assert set(found) == set(names)
    assert found[CHINESE].read_bytes() == jpeg(2)


async def test_what_makes_room_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "STREAMS", 1)
    assert await keeps(Newest(tmp_path), RUSSIAN, CHINESE, SHORT) == [SHORT]
    assert files(tmp_path) == ["tab%3Asales%20100%20%25%20%2B%20more.jpg"]


async def test_pictures_that_cannot_be_written_are_told_once_of_each_stream(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Newest(tmp_path / "latest")
    (tmp_path / "latest").rmdir()
    assert await keeps(kept, SHORT, RUSSIAN, SHORT, RUSSIAN) == []
    assert [SHORT in record.getMessage() for record in caplog.records] == [True, False]
