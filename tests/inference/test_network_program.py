"""A program is read from its file, and from no other."""

import json
import zipfile

import pytest
import torch
from torch import nn

from dsf.core.errors import BundleError
from dsf.export import write_program
from dsf.inference.network_program import load_program

CPU = torch.device("cpu")
ROWS = torch.tensor([[1.0, -2.0], [0.5, 0.0], [3.0, 4.0]])


@pytest.fixture(scope="module")
def network():
    return nn.Linear(2, 3).eval()


@pytest.fixture(scope="module")
def written(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "network.pt2"
    write_program(network, ROWS[:2], path)
    return path


@pytest.fixture
def changed(written, tmp_path):
    """Write the file again, with some of its members changed or added."""

    def write(**members):
        path = tmp_path / "network.pt2"
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w") as target:
            for name in source.namelist():
                short = name.rpartition("/")[2].partition(".")[0]
                target.writestr(name, members.pop(short, None) or source.read(name))
            root = source.namelist()[0].partition("/")[0]
            for name, content in members.items():
                target.writestr(f"{root}/{name}", content)
        return path

    return write


def test_it_answers(network, written):
    with torch.inference_mode():
        found = load_program(written, CPU)(dict(sorted(network.state_dict().items())), ROWS)
        assert torch.equal(found, network(ROWS))


def refused(path):
    with pytest.raises(BundleError) as raised:
        load_program(path, CPU)
    assert str(path) in str(raised.value)
    return str(raised.value)


def test_what_is_no_program_is_refused(tmp_path, changed):
    path = tmp_path / "other.pt2"
    path.write_bytes(b"no archive")
    assert "must be a program in torch's .pt2 format" in refused(path)
    assert "must be a program in torch's .pt2 format" in refused(tmp_path / "absent.pt2")
    assert "torch says" in refused(changed(model=b"{}"))


def test_what_would_be_unpickled_or_run_is_refused_and_never_touched(network, tmp_path, changed):
    program = torch.export.export(network, (ROWS,))
    torch.export.save(program, tmp_path / "example.pt2")
    assert "sample_inputs/model.pt" in refused(tmp_path / "example.pt2")
    pickled = {"config": {"weight": {"path_name": "weight_0", "use_pickle": True}}}
    assert "but has weight_0" in refused(changed(model_weights_config=json.dumps(pickled)))
    compiled = {"data/aotinductor/model/a.so": b"code"}
    assert "a.so" in refused(changed(**compiled))
