"""A program gives what its network gives, for any number of rows, and holds no weights."""

import zipfile

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from dsf.core.errors import NotExportableError
from dsf.export import write_program
from tests.tiny_tabular import Network


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(2)
    return Network({"fruit": 3}).eval()


@pytest.fixture(scope="module")
def program(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "network.pt2"
    write_program(network, torch.zeros(2, 1, 2, 3), path)
    return path


@pytest.fixture(scope="module")
def loaded(program):
    return torch.export.load(program).module()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(count=st.integers(1, 70), seed=st.integers(0, 9))
def test_it_answers_as_the_network_for_any_number_of_rows(network, loaded, count, seed):
    rows = torch.randn(count, 1, 2, 3, generator=torch.Generator().manual_seed(seed))
    weights = dict(sorted(network.state_dict().items()))
    with torch.inference_mode():
        assert torch.equal(loaded(weights, rows), network(rows))


def test_it_takes_the_weights_that_it_is_given(network, loaded):
    rows = torch.ones(3, 1, 2, 3)
    nothing = {name: one * 0 for name, one in sorted(network.state_dict().items())}
    with torch.inference_mode():
        assert loaded(nothing, rows).abs().max() == 0


def test_no_weight_and_nothing_pickled_is_in_the_file(program):
    with zipfile.ZipFile(program) as archive:
        sizes = {one.filename: one.file_size for one in archive.infolist()}
    assert not [name for name in sizes if "/weights/weight" in name]
    assert [size for name, size in sizes.items() if "sample_inputs" in name] == [0]


def test_the_network_stays_as_it_is(network, tmp_path):
    before = {name: one.clone() for name, one in network.state_dict().items()}
    write_program(network, torch.zeros(2, 1, 2, 3), tmp_path / "network.pt2")
    assert all(torch.equal(one, before[name]) for name, one in network.state_dict().items())
    assert not network.training


class Branching(nn.Module):
    def forward(self, rows):
        return rows if rows.sum() > 0 else -rows


class Counting(nn.Module):
    def forward(self, rows):
        return rows if len(rows) == 2 else rows * np.pi


@pytest.mark.parametrize("network", [Branching(), Counting()])
def test_what_depends_on_values_or_on_the_number_of_rows_is_refused(network, tmp_path):
    with pytest.raises(NotExportableError) as raised:
        write_program(network.eval(), torch.zeros(2, 3), tmp_path / "network.pt2")
    assert type(network).__name__ in str(raised.value)
    assert "must compute the same way" in str(raised.value)
    assert not (tmp_path / "network.pt2").exists()
