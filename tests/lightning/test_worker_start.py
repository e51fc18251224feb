"""A worker says nothing of a reader that hung up, and all that else goes wrong."""

import socket
import sys
import time
from multiprocessing import resource_sharer

import pytest
import torch
from torch.utils.data import Dataset

from dsf.lightning.resumable_loader import ResumableLoader


class HungUp(Dataset):
    """Lets somebody ask this process for a tensor, and hang up before he has it."""

    def __len__(self):
        return 1

    def __getitem__(self, row):
        address, _ = resource_sharer._resource_sharer.register(print, print)
        with socket.socket(socket.AF_UNIX) as reader:
            reader.connect(address)
        time.sleep(0.3)  # for the thread that answers
        return torch.zeros(1)


class Failing(HungUp):
    """Fails in the way that Python has for threads of its own."""

    def __getitem__(self, row):
        sys.excepthook(ValueError, ValueError("a real fault"), None)
        return torch.zeros(1)


@pytest.mark.parametrize(("rows", "told"), [(HungUp(), ""), (Failing(), "a real fault")])
def test_what_a_worker_tells(rows, told, capfd):
    loader = ResumableLoader(rows, num_workers=1)
    assert len(list(loader)) == 1
    err = capfd.readouterr().err
    assert told in err
    assert ("Traceback" in err or "ValueError" in err) == bool(told)


def test_what_was_asked_for_is_done_too(tmp_path):
    rows = torch.utils.data.TensorDataset(torch.zeros(1))
    started = tmp_path / "started"
    loader = ResumableLoader(
        rows, num_workers=1, worker_init_fn=lambda number: started.write_text(str(number))
    )
    assert len(list(loader)) == 1
    assert started.read_text() == "0"
