"""Checkpoints are whole or not there, and a strange one is said to be strange."""

import collections
import subprocess
import sys

import pytest
import torch

from dsf.core.errors import RunMismatchError, RunNotFoundError
from dsf.lightning.checkpoint_io import AtomicCheckpointIO, read_checkpoint


def weights(value, size=3):
    return {"state_dict": {"x": torch.full((size,), value)}}


def saved(path):
    return read_checkpoint(path)["state_dict"]["x"]


def test_the_old_checkpoint_stays_until_the_new_one_is_whole(tmp_path):
    io, path = AtomicCheckpointIO(), tmp_path / "a" / "x.ckpt"
    io.save_checkpoint(weights(1.0), path)
    assert torch.equal(io.load_checkpoint(path)["state_dict"]["x"], torch.ones(3))

    class Unsaveable:
        def __reduce__(self):
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        io.save_checkpoint(weights(0.0) | {"y": Unsaveable()}, path)
    assert torch.equal(saved(path), torch.ones(3))
    assert [one.name for one in path.parent.iterdir()] == ["x.ckpt"]


TOO_LARGE = """
import resource, sys
import torch
from dsf.core.errors import StorageError
from dsf.lightning.checkpoint_io import AtomicCheckpointIO
resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
for size in 2_000, 1_000_000:  # fails when the rest is flushed; fails at once
    try:
        AtomicCheckpointIO().save_checkpoint({"state_dict": {"x": torch.zeros(size)}}, sys.argv[1])
    except StorageError as error:
        print(error)
"""


def test_a_checkpoint_that_does_not_fit_on_the_disk(tmp_path):
    path = tmp_path / "last.ckpt"
    AtomicCheckpointIO().save_checkpoint(weights(1.0), path)
    limited = [sys.executable, "-c", TOO_LARGE, str(path)]
    answer = subprocess.run(limited, capture_output=True, text=True, check=True)
    said = "last.ckpt must be open to us to read and write, but the file is larger than allowed"
    assert answer.stdout.count(said) == 2
    assert torch.equal(saved(path), torch.ones(3))
    assert [one.name for one in tmp_path.iterdir()] == ["last.ckpt"]


STOPPED = """
import sys, io
import torch
from dsf.cli.signals import SignalExit
from dsf.lightning.checkpoint_io import AtomicCheckpointIO

class Stopped(io.FileIO):
    def write(self, content):
        written = super().write(content)
        if self.tell() > 1_000_000:
            raise stop
        return written

open_as_ever = io.open
io.open = lambda path, mode, *more: Stopped(path, mode)
for stop in KeyboardInterrupt(), SignalExit(15):
    try:
        AtomicCheckpointIO().save_checkpoint(
            {"state_dict": {str(at): torch.zeros(100_000) for at in range(20)}}, sys.argv[1]
        )
    except BaseException as error:
        print(error is stop)
"""


def test_who_stops_the_writing_of_a_checkpoint_is_told_so(tmp_path):
    path = tmp_path / "last.ckpt"
    AtomicCheckpointIO().save_checkpoint(weights(1.0), path)
    stopping = [sys.executable, "-c", STOPPED, str(path)]
    answer = subprocess.run(stopping, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["True", "True"], answer.stderr
    assert torch.equal(saved(path), torch.ones(3))
    assert [one.name for one in tmp_path.iterdir()] == ["last.ckpt"]


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(RunNotFoundError, match=r"no\.ckpt: a checkpoint must be here"):
        read_checkpoint(tmp_path / "no.ckpt")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_damaged_checkpoint_is_named_with_what_to_do(tmp_path, share):
    path = tmp_path / "best.ckpt"
    AtomicCheckpointIO().save_checkpoint(weights(1.0, size=1000), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RunMismatchError, match=r"best\.ckpt: .* is damaged .* name another one"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([1, 2], r"it holds no weights \(state_dict\)"),
        ({"weights": torch.ones(3)}, r"it holds no weights \(state_dict\)"),
        (
            {"state_dict": {}, "names": collections.UserString("x")},
            r"it holds a collections\.UserString, and only .*\.add_safe_globals",
        ),
    ],
)
def test_a_foreign_file_is_named_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "foreign.ckpt"
    torch.save(content, path)
    with pytest.raises(RunMismatchError, match=rf"foreign\.ckpt: .*{reason}"):
        read_checkpoint(path)


def test_a_trusted_file_may_hold_more(tmp_path):
    path = tmp_path / "x.ckpt"
    torch.save({"state_dict": {}, "names": collections.UserString("x")}, path)
    assert AtomicCheckpointIO().load_checkpoint(path, weights_only=False)["names"] == "x"
