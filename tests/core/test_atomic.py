"""Files and folders are whole or not there."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dsf.core.atomic import (
    atomic_path,
    publish_folder,
    remove_work_files,
    write_bytes,
    write_json,
    write_text,
)
from dsf.core.errors import StorageError
from tests.small_disk import small_disk


def test_writes_what_it_is_given(tmp_path):
    write_bytes(tmp_path / "a" / "b.bin", b"\x00\x01")
    write_text(tmp_path / "t.txt", "é\n")
    write_json(tmp_path / "j.json", {"a": [1, 2.5, "é"]})

    assert (tmp_path / "a" / "b.bin").read_bytes() == b"\x00\x01"
    assert (tmp_path / "t.txt").read_bytes() == "é\n".encode()
    assert json.loads((tmp_path / "j.json").read_text(encoding="utf-8")) == {"a": [1, 2.5, "é"]}


def test_the_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def fail_half_way():
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_half_way()

    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file.txt"]


def test_json_has_no_word_for_nan(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "j.json", {"x": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_new_files_get_the_usual_rights(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("")
    write_text(tmp_path / "ours", "")
    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode


def test_publish_replaces_the_old_folder(tmp_path):
    work, final = tmp_path / "x.work", tmp_path / "x"
    for folder, content in ((final, "old"), (work, "new")):
        folder.mkdir()
        (folder / "file").write_text(content)

    publish_folder(work, final)

    assert (final / "file").read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["x"]


def test_remove_work_files_leaves_finished_ones(tmp_path):
    write_text(tmp_path / "deep" / "done.txt", "")
    (tmp_path / "deep" / ".half.txt.work").write_text("")

    remove_work_files(tmp_path)

    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["done.txt"]


@pytest.fixture
def tiny_disk(tmp_path):
    """A real disk of 64 KiB."""
    with small_disk(tmp_path / "disk", "64k") as place:
        yield place


def test_a_full_disk_is_named_and_the_old_file_stays(tiny_disk):
    path = tiny_disk / "file.bin"
    write_bytes(path, b"old")
    with pytest.raises(StorageError, match=r"file\.bin.*disk is full"):
        write_bytes(path, b"x" * 200_000)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tiny_disk.iterdir()] == ["file.bin"]


def test_a_read_only_disk_is_named(tiny_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(StorageError, match="disk is read-only"):
        write_bytes(tiny_disk / "file.bin", b"x")


WRITER = """
import sys
from pathlib import Path
from dsf.core.atomic import write_bytes
path = Path(sys.argv[1])
print("ready", flush=True)
for number in range(1_000_000):
    write_bytes(path, bytes([number % 256]) * 300_000)
"""


@pytest.mark.parametrize("seed", range(5))
def test_killed_writers_leave_a_whole_file(tmp_path, seed):
    path = tmp_path / "file.bin"
    write_bytes(path, b"\x00" * 300_000)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(0.05 + 0.017 * seed)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()

    content = path.read_bytes()
    assert len(content) == 300_000
    assert len(set(content)) == 1
