"""A program is read from its file, and from no other."""

import io
import json
import pickle
import re
import shutil
import zipfile
from pathlib import Path

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
    assert "must be a program that this torch can read" in refused(changed(model=b"{}"))
    assert "must be a program in torch's .pt2 format" in refused(changed(model=b"[half"))


class Marked:
    """Leaves a file where it is unpickled."""

    def __init__(self, mark):
        self.mark = str(mark)

    def __reduce__(self):
        return open, (self.mark, "w")


@pytest.fixture
def mark(tmp_path):
    """A file that must not be there in the end: some code has run that makes it."""
    path = tmp_path / "mark"
    yield path
    assert not path.exists()


def test_what_would_be_unpickled_is_refused(network, tmp_path, changed, mark):
    program = torch.export.export(network, (ROWS,))
    torch.export.save(program, tmp_path / "example.pt2")
    assert "sample_inputs/model.pt" in refused(tmp_path / "example.pt2")
    pickle_file = pickle.dumps(Marked(mark))
    for name, use_pickle in (("weight_0", True), ("opaque_obj_0", False), ("custom_obj_0", False)):
        payload = {"config": {"one": {"path_name": name, "use_pickle": use_pickle}}}
        files = {f"data/constants/{name}": pickle_file}
        said = refused(changed(model_constants_config=json.dumps(payload), **files))
        assert f"the object {name}" in said


def test_the_older_layout_which_torch_unpickles_is_refused(written, tmp_path, mark):
    stream = io.BytesIO()
    torch.save({"x": Marked(mark)}, stream)
    with zipfile.ZipFile(written) as source:
        (model,) = [source.read(name) for name in source.namelist() if name.endswith("model.json")]
    path = tmp_path / "older.pt2"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("version", "8.20")
        target.writestr("serialized_exported_program.json", model)
        target.writestr("serialized_constants.pt", stream.getvalue())
        for name in ("serialized_state_dict.pt", "serialized_example_inputs.pt"):
            target.writestr(name, b"")
    assert "must be a program in torch's .pt2 format" in refused(path)


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        (r'"expr_str": "(.*?)"', "\"expr_str\": \"s0 + 0*len(str(open('{mark}', 'w')))\""),
        (r'"expr_str": "(.*?)"', '"expr_str": "(s0).__class__"'),
        (r'"expr_str": "(.*?)"', "\"expr_str\": \"Symbol(open('{mark}', 'w').name)\""),
        (r'"target": "(.*?)"', '"target": "torch.os.mkdir"'),
        (r'"target": "(.*?)"', '"target": "torch.ops.aten.from_file.default"'),
        (r'"target": "(.*?)"', '"target": "torch.ops.load_library"'),
        (r'"guards_code": \[\]', "\"guards_code\": [\"open('{mark}', 'w')\"]"),
        (r'"metadata": {}', '"metadata": {"torch_fn": "x;torch.os.system"}'),
        (r'"name": "linear"', '"name": "x = open(1) #"'),
        (r'"forward_arg_names": \[', '"forward_arg_names": ["a=open(1)", '),
        (r"builtins\.tuple", "collections.namedtuple"),
    ],
)
def test_what_would_be_run_as_python_is_refused(written, changed, mark, wanted, other):
    with zipfile.ZipFile(written) as source:
        (model,) = [source.read(name) for name in source.namelist() if name.endswith("model.json")]
    text, count = re.subn(wanted, other.replace("{mark}", str(mark)), model.decode(), count=1)
    assert count == 1
    assert "must say what is computed and no more" in refused(changed(model=text.encode()))


def test_files_that_are_none_of_a_program_are_refused(changed, written, tmp_path):
    assert "a.so" in refused(changed(**{"data/aotinductor/model/a.so": b"code"}))
    twice = tmp_path / "twice.pt2"
    shutil.copy(written, twice)
    with zipfile.ZipFile(twice, "a") as archive:
        name = archive.namelist()[0]
        content = archive.read(name)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, content)
    assert "a file twice" in refused(twice)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.read, self.head = nn.GRU(3, 4, batch_first=True, bidirectional=True), nn.Linear(8, 2)

    def forward(self, rows):
        return self.head(self.read(rows)[0].mean(dim=1))


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
        self.read, self.first, self.head = layer, nn.Linear(3, 4), nn.Linear(4, 2)

    def forward(self, rows):
        return self.head(self.read(self.first(rows)).mean(dim=1))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)
        self.second.weight = self.first.weight

    def forward(self, rows):
        return self.second(self.first(rows).relu()).sum(dim=1)


class Counting(nn.Module):
    """Makes tensors of its own, as many as there are rows; fills gaps; has a buffer."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(9, 2)
        self.register_buffer("mean", torch.full((5, 3), 0.5))

    def forward(self, rows):
        known = torch.nan_to_num((rows - self.mean) / 2)
        found = self.embed(known.long().clamp(0, 8)).mean(dim=(1, 2))
        places = torch.arange(2 * rows.shape[0], device=rows.device).view(-1, 2)[:, 0] % 9
        return {"one": found, "other": torch.where(found > 0, self.embed(places), found)}


@pytest.mark.parametrize("kind", [Recurrent, Attending, Tied, Counting])
def test_networks_of_many_kinds_go_through(kind, tmp_path):
    torch.manual_seed(1)
    network, path = kind().eval(), tmp_path / "network.pt2"
    write_program(network, torch.zeros(2, 5, 3), path)
    program = load_program(path, CPU)
    weights = dict(sorted(network.state_dict().items()))
    for count in (1, 2, 7):
        rows = torch.randn(count, 5, 3)
        with torch.inference_mode():
            torch.testing.assert_close(program(weights, rows), network(rows))


@pytest.mark.parametrize("kind", [Recurrent, Attending, Counting])
def test_all_of_a_network_moves_to_another_device(kind, tmp_path):
    """The one without memory, which every machine has: tensors of the network's own go along."""
    network, path, other = kind().eval(), tmp_path / "network.pt2", torch.device("meta")
    write_program(network, torch.zeros(2, 5, 3), path)
    weights = {name: one.to(other) for name, one in sorted(network.state_dict().items())}
    with torch.inference_mode():
        found = load_program(path, other)(weights, torch.zeros(4, 5, 3, device=other))
    scores = found if isinstance(found, dict) else {"only": found}
    assert {name: one.device for name, one in scores.items()} == dict.fromkeys(scores, other)
    assert {len(one) for one in scores.values()} == {4}


def test_no_line_of_code_and_no_place_is_in_the_file(written):
    with zipfile.ZipFile(written) as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert b"forward(self" not in content
    assert str(Path(__file__).parents[2]).encode() not in content
