"""Lines are whole or not there, whoever is killed while writing."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from filelock import FileLock

from dsf.core.errors import StorageError
from dsf.tracking.line_file import LineFile
from tests.small_disk import small_disk

WRITER = """
import sys
from pathlib import Path
from dsf.tracking.line_file import LineFile
file, mark = LineFile(Path(sys.argv[1])), sys.argv[2]
for number in range(int(sys.argv[3])):
    file.append(f"{mark}{number} {mark * 500}\\n".encode())
    if not number:
        print("begun", flush=True)
"""


def start_writer(path, mark, lines):
    command = [sys.executable, "-c", WRITER, str(path), mark, str(lines)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def contents(file, start=0):
    return [line.content for line in file.read(start)]


def test_lines_come_back_from_any_line_on(tmp_path):
    file = LineFile(tmp_path / "deep" / "lines")
    assert contents(file) == []
    assert file.size() == 0
    for text in (b"one\n", b"two\n", b"three\n"):
        file.append(text)
    assert contents(file) == [b"one\n", b"two\n", b"three\n"]
    ends = [line.end for line in file.read()]
    assert ends == [4, 8, 14]
    assert contents(file, 4) == [b"two\n", b"three\n"]
    assert contents(file, file.size()) == []


@pytest.mark.parametrize("torn", [b"h", b"half a line", b"x" * 200_000])
@pytest.mark.parametrize("before", [b"", b"whole\n", b"whole\n" * 40_000])
def test_half_a_line_is_not_read_and_cut_off_by_the_next(tmp_path, before, torn):
    path = tmp_path / "lines"
    path.write_bytes(before + torn)
    file = LineFile(path)
    assert b"".join(contents(file)) == before
    file.append(b"next\n")
    assert path.read_bytes() == before + b"next\n"


def test_two_processes_write_whole_lines(tmp_path):
    path = tmp_path / "lines"
    writers = [start_writer(path, mark, 300) for mark in "ab"]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    found = contents(LineFile(path))
    for mark in "ab":
        own = [line for line in found if line.startswith(mark.encode())]
        assert own == [f"{mark}{number} {mark * 500}\n".encode() for number in range(300)]
    assert len(found) == 600


def test_a_writer_that_is_killed_leaves_whole_lines_and_no_lock(tmp_path):
    path = tmp_path / "lines"
    writer = start_writer(path, "a", 10**9)
    writer.stdout.readline()
    time.sleep(0.2)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    file = LineFile(path)
    file.append(b"after\n")
    found = contents(file)
    assert found[-1] == b"after\n"
    assert found[:-1] == [f"a{number} {'a' * 500}\n".encode() for number in range(len(found) - 1)]


def test_nobody_cuts_off_what_another_one_writes_just_now(tmp_path):
    file = LineFile(tmp_path / "lines")
    file.append(b"first\n")
    with FileLock(tmp_path / "lines.lock"):
        other = threading.Thread(target=file.append, args=(b"second\n",))
        other.start()
        with file.path.open("ab") as writing:
            writing.write(b"slowly ")
            writing.flush()
            time.sleep(0.2)
            writing.write(b"written\n")
    other.join()
    assert contents(file) == [b"first\n", b"slowly written\n", b"second\n"]


def test_a_full_disk_is_named_and_older_lines_stay(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as place:
        file = LineFile(place / "lines")
        file.append(b"first\n")
        with pytest.raises(StorageError, match="disk is full"):
            file.append(b"x" * 200_000 + b"\n")
        assert contents(file) == [b"first\n"]
        file.append(b"second\n")
        assert contents(file) == [b"first\n", b"second\n"]
