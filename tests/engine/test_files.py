from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.engine.files import replacing, umask


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_file_is_as_open_as_any_other(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        assert umask() == mask
        with replacing(tmp_path / "made") as file:
            file.write(b"text")
        (tmp_path / "usual").write_bytes(b"text")
    finally:
        os.umask(before)
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert (tmp_path / "made").read_bytes() == b"text"


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")

    def interrupted() -> None:
        with replacing(tmp_path / "file") as file:
            file.write(b"half of the new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_in_the_way_stays_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"), replacing(tmp_path / "taken") as file:
        file.write(b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
