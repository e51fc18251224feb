"""Batches are seeded, complete, and shared out without overlap."""

import pytest
import torch
from torch.utils.data import Dataset

from dsf.lightning import DataModule
from dsf.lightning.data_module import _TensorBatches


class Rows(Dataset):
    """Rows that are made one by one, with noise drawn where they are loaded."""

    def __len__(self):
        return 12

    def __getitem__(self, row):
        return torch.tensor(row), torch.rand(())


def orders(data, epochs=2):
    loader = data.train_dataloader()
    found = []
    for epoch in range(epochs):
        loader.sampler.set_epoch(epoch)
        found.append([batch[0].tolist() for batch in loader])
    return found


def flat(batches):
    return [row for batch in batches for row in batch]


def test_epochs_differ_and_seeds_decide(model_config):
    first, second = orders(DataModule(model_config, Rows()))
    assert sorted(flat(first)) == sorted(flat(second)) == list(range(12))
    assert first != second
    assert orders(DataModule(model_config, Rows())) == [first, second]
    assert orders(DataModule(model_config | {"seed": 7}, Rows())) != [first, second]


def test_rows_in_tensors_give_the_same_batches(model_config, sets):
    class OneByOne(Dataset):
        def __len__(self):
            return len(sets[0])

        def __getitem__(self, row):
            return sets[0][row]

    fast = list(DataModule(model_config, sets[0]).train_dataloader())
    slow = list(DataModule(model_config, OneByOne()).train_dataloader())
    assert len(fast) == len(slow) == 5
    for one, other in zip(fast, slow, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert torch.equal(_TensorBatches(sets[0])[3][0], sets[0][3][0])


def test_validation_and_test_keep_the_order(model_config):
    data = DataModule(model_config, None, Rows(), Rows())
    for loader in (data.val_dataloader(), data.test_dataloader()):
        assert flat([batch[0].tolist() for batch in loader]) == list(range(12))


@pytest.mark.parametrize("workers", [0, 2])
def test_noise_of_an_epoch_does_not_depend_on_the_epochs_before(model_config, workers):
    def noise(first_epoch):
        loader = DataModule(model_config | {"num_workers": workers}, Rows()).train_dataloader()
        for epoch in range(first_epoch, 3):
            torch.manual_seed(epoch)  # what EpochSeed does in a fit
            loader.sampler.set_epoch(epoch)
            found = torch.cat([batch[1] for batch in loader])
        return found

    assert torch.equal(noise(0), noise(2))
    assert len(noise(0).unique()) == 12
