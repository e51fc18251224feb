"""A module begins with the weights of another one: all of them, a part, or it is refused."""

import json

import pytest
import pytorch_lightning as pl
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from dsf.base.warm_start import WarmStart
from dsf.core.errors import ConfigError, RunMismatchError, RunNotFoundError
from dsf.core.seeding import seed_process
from dsf.lightning import PlModel, begin_with
from dsf.lightning.objectives import MultiLabelObjective, OutputsObjective
from dsf.networks import (
    MultiLabelClassifier,
    ReducedEmbedding,
    TextClassifier,
    TextEncoder,
    load_encoder,
    load_tokenizer,
    new_encoder,
    reduce_embedding,
    save_network,
)

LABELS = ["no", "some", "yes"]


def start_at(path, parts=None, allow=False, **known):
    return WarmStart(str(path), path, "0", parts=parts, allow_differences=allow, **known)


def saved(model, path):
    """Save a module as Lightning does, with its hyperparameters and an optimizer's state."""
    content = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "optimizer_states": [{"state": {}, "param_groups": [{"lr": 7.0}]}],
        "epoch": 9,
        "global_step": 99,
    }
    torch.save(content, path)
    return path


def changed(module):
    """Give every weight another value."""
    with torch.no_grad():
        for number, weight in enumerate(module.parameters()):
            weight.fill_(number + 0.5)
    return module


def weights(module):
    state = {name: value for name, value in module.state_dict().items() if torch.is_tensor(value)}
    return {name: value.clone() for name, value in state.items()}


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if not torch.equal(one[name], other[name])}


@pytest.fixture
def checkpoint(make_model, tmp_path):
    return saved(changed(make_model(label_names=LABELS)), tmp_path / "other.ckpt")


def test_all_weights_come_along(make_model, checkpoint):
    model = make_model(label_names=LABELS)
    assert model.begin_with(start_at(checkpoint)) == []
    assert differing(weights(model), weights(changed(make_model()))) == set()


def test_how_it_learns_may_differ_and_is_not_taken(make_model, checkpoint):
    model = make_model(label_names=LABELS, learning_rate=0.5, batch_size=3, seed=9)
    assert model.begin_with(start_at(checkpoint)) == []
    assert model.model_config["learning_rate"] == model.hparams["model_config"]["learning_rate"]
    assert model.hparams["model_config"]["learning_rate"] == 0.5


@pytest.mark.parametrize("part", ["network.0", "0"])
def test_a_part_is_taken_and_the_rest_stays(make_model, checkpoint, part):
    model = make_model(label_names=LABELS)
    before = weights(model)
    assert model.begin_with(start_at(checkpoint, (part,))) == []
    assert differing(before, weights(model)) == {"network.0.weight", "network.0.bias"}


def test_a_part_that_is_not_there_is_named_with_those_that_are(make_model, checkpoint):
    with pytest.raises(ConfigError) as caught:
        make_model().begin_with(start_at(checkpoint, ("network.7", "netwrk")))
    assert len(caught.value.problems) == 2
    assert "'network.7'" in str(caught.value)
    assert "such as network, network.0, network.3" in str(caught.value)
    assert "Did you mean 'network'?" in str(caught.value)


class Wider(pl.LightningModule):
    """A module of one's own: another width, another name, and one thing more."""

    def __init__(self, width=8):
        super().__init__()
        self.network = nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Dropout(0.5))
        self.top = nn.Linear(width, 3)


def test_all_differences_are_listed_with_both_values_before_anything_is_changed(
    make_model, checkpoint
):
    model = Wider(width=6)
    before = weights(model)
    config = {"label_names": LABELS, "width": 6, "learning_rate": 7.0}
    known = {"model_config": {"label_names": LABELS, "width": 8, "learning_rate": 0.1}}
    with pytest.raises(ConfigError) as caught:
        begin_with(model, start_at(checkpoint, **known), config)
    assert [str(one) for one in caught.value.problems] == [
        "model_config.width: was 8 there, is 6 here",
        "network.0.weight: has the shape (8, 4) there, (6, 4) here",
        "network.0.bias: has the shape (8,) there, (6,) here",
        "top.weight: is not there",
        "top.bias: is not there",
        "network.3.weight: is there alone, not here",
        "network.3.bias: is there alone, not here",
    ]
    assert "warm_start_config.allow_differences: true" in str(caught.value)
    assert differing(before, weights(model)) == set()


def test_allowed_differences_are_a_warning_that_says_what_begins_at_random(
    make_model, checkpoint, caplog
):
    model = Wider()
    before = weights(model)
    start = start_at(checkpoint, allow=True)
    assert begin_with(model, start, {"label_names": LABELS}) == ["top.weight", "top.bias"]
    assert differing(before, weights(model)) == {"network.0.weight", "network.0.bias"}
    assert "At random begin: top.weight, top.bias" in caplog.text
    assert "network.3.weight: is there alone, not here" in caplog.text


def test_where_nothing_fits_there_is_nothing_to_allow(checkpoint):
    with pytest.raises(ConfigError, match="has no weight that fits"):
        begin_with(nn.Linear(2, 2), start_at(checkpoint, allow=True), {})


def test_a_key_of_the_projects_own_makes_another_network(make_model, checkpoint):
    model = make_model(label_names=LABELS, activation="gelu")
    with pytest.raises(ConfigError) as caught:
        model.begin_with(start_at(checkpoint))
    assert [str(one) for one in caught.value.problems] == [
        "model_config.activation: was (absent) there, is gelu here"
    ]
    assert model.begin_with(start_at(checkpoint, allow=True)) == []


@pytest.mark.parametrize(
    "labels", [["yes", "some", "no"], ["a", "b", "c"]], ids=["reordered", "others"]
)
def test_labels_are_never_mixed_up(make_model, checkpoint, labels):
    model = make_model(label_names=labels)
    before = weights(model)
    with pytest.raises(ConfigError) as caught:
        model.begin_with(start_at(checkpoint))
    assert [str(one) for one in caught.value.problems] == [
        f"model_config.label_names: was {LABELS} there, is {labels} here",
        "network.3.weight: belongs to other labels there",
        "network.3.bias: belongs to other labels there",
    ]
    head = ["network.3.weight", "network.3.bias"]
    assert model.begin_with(start_at(checkpoint, allow=True)) == head
    assert differing(before, weights(model)) == {"network.0.weight", "network.0.bias"}


def test_what_the_run_says_of_its_labels_counts_more_than_the_file(make_model, checkpoint):
    known = {"model_config": {"label_names": LABELS[::-1]}}
    with pytest.raises(ConfigError, match=r"was \['yes', 'some', 'no'\] there"):
        make_model(label_names=LABELS).begin_with(start_at(checkpoint, **known))


def test_labels_without_a_head_that_can_be_told_are_refused_even_if_allowed(tmp_path):
    class One(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 1)

    path = tmp_path / "one.ckpt"
    torch.save({"state_dict": One().state_dict()}, path)
    known = {"model_config": {"label_names": ["no", "yes"]}}
    config = {"label_names": ["yes", "no"]}
    with pytest.raises(ConfigError, match="no head can be told"):
        begin_with(One(), start_at(path, allow=True, **known), config)
    assert begin_with(One(), start_at(path, ("layer",), **known), config) == []


def test_a_head_of_ones_own_layout_is_told_by_any_of_its_sizes(tmp_path):
    class Own(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 4)
            self.scores = nn.Parameter(torch.randn(4, 3))

    path = tmp_path / "own.ckpt"
    torch.save({"state_dict": Own().state_dict()}, path)
    known = {"model_config": {"label_names": LABELS}}
    config = {"label_names": LABELS[::-1]}
    assert begin_with(Own(), start_at(path, allow=True, **known), config) == ["scores"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(["a", "b", "c", "d"]),
    parts=st.sampled_from([None, ("network",), ("network.0",), ("network.2",)]),
)
def test_a_row_of_a_head_never_comes_to_another_label(tmp_path, order, parts):
    def make(labels, seed):
        torch.manual_seed(seed)
        config = CONFIG | {"num_classes": 4, "label_names": labels, "average": "macro"}
        config["loss_function"] = "torch.nn.functional:cross_entropy"
        return PlModel(nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 4)), config)

    older, model = make(["a", "b", "c", "d"], 0), make(list(order), 1)
    path = saved(older, tmp_path / "older.ckpt")
    model.begin_with(start_at(path, parts, allow=True)) if _fits(order, parts) else None
    theirs, ours = older.network[2].weight, model.network[2].weight
    for at, label in enumerate(order):
        taken = [row for row in range(4) if torch.equal(ours[at], theirs[row])]
        assert taken in ([], ["abcd".index(label)])


def _fits(order, parts):
    """Whether anything is left to take."""
    return parts != ("network.2",) or list(order) == ["a", "b", "c", "d"]


def test_files_that_cannot_be_read_are_named(make_model, tmp_path):
    model = make_model()
    with pytest.raises(RunNotFoundError, match=r"gone\.ckpt"):
        model.begin_with(start_at(tmp_path / "gone.ckpt"))
    for name in ("torn.ckpt", "torn.safetensors"):
        (tmp_path / name).write_bytes(b"torn")
        with pytest.raises(RunMismatchError, match=f"{name}: must be a whole"):
            model.begin_with(start_at(tmp_path / name))


@pytest.mark.parametrize("prefix", ["network.", ""])
def test_plain_safetensors_of_a_module_or_of_its_network(make_model, tmp_path, prefix):
    other = changed(make_model())
    state = {f"{prefix}{name}": value for name, value in other.network.state_dict().items()}
    save_file(state, tmp_path / "model.safetensors")
    model = make_model()
    assert model.begin_with(start_at(tmp_path / "model.safetensors")) == []
    assert differing(weights(model), weights(other)) == set()


# ------------------------------------------------------------------ networks for texts

CONFIG = {"learning_rate": 1e-3, "batch_size": 4, "seed": 3, "reduce_embedding": True}
WORDS = ["ka", "lo", "mi", "nu", "pe", "ri", "so", "ta"]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    texts = [" ".join(WORDS)] * 3
    return new_encoder(folder, texts, vocabulary_size=60, hidden_size=16, layers=1, heads=2)


@pytest.fixture
def make_text_model(source):
    """Make a text model with fresh weights of its own."""

    def make(seed, labels, pooling="cls", several=False):
        seed_process(seed)
        encoder = TextEncoder(load_encoder(source, dropout=0.0))
        config = CONFIG | {"encoder": source, "label_names": labels, "pooling": pooling}
        if several:
            network = MultiLabelClassifier(encoder, len(labels), pooling=pooling)
            objective = MultiLabelObjective(nn.BCEWithLogitsLoss(), tuple(labels), {})
        else:
            sizes = {"label": len(labels)}
            network = TextClassifier(encoder, sizes, pooling=pooling)
            objective = OutputsObjective({"label": nn.CrossEntropyLoss()}, sizes, {})
        return PlModel(network, config, objective=objective)

    return make


def encoder_of(model):
    return model.network.encoder.state_dict()


@pytest.mark.parametrize("labels", [["x", "y"], ["c", "b", "a"]], ids=["fewer", "reordered"])
@pytest.mark.parametrize("form", ["checkpoint", "folder"])
def test_the_encoder_alone_with_other_labels(make_text_model, source, tmp_path, labels, form):
    other = changed(make_text_model(1, ["a", "b", "c"]))
    path = tmp_path / "saved" / "model.safetensors"
    if form == "folder":
        labelled = {"label": ["a", "b", "c"]}
        save_network(other.network, path.parent, labelled, load_tokenizer(source))
    else:
        path = saved(other, tmp_path / "other.ckpt")
    model = make_text_model(2, labels)
    head = weights(model.network.heads)
    assert model.begin_with(start_at(path, ("encoder",))) == []
    assert differing(encoder_of(model), encoder_of(other)) == set()
    assert differing(weights(model.network.heads), head) == set()
    with pytest.raises(ConfigError, match=r"model_config\.label_names: was \['a', 'b', 'c'\]"):
        make_text_model(2, labels).begin_with(start_at(path))


@pytest.mark.parametrize("pooling", ["cls", "pooler"])  # dsf's own layout, that of transformers
def test_all_of_a_saved_network(make_text_model, source, tmp_path, pooling):
    other = changed(make_text_model(1, ["a", "b"], pooling))
    save_network(other.network, tmp_path, {"label": ["a", "b"]}, load_tokenizer(source))
    model = make_text_model(2, ["a", "b"], pooling)
    assert model.begin_with(start_at(tmp_path / "model.safetensors")) == []
    assert differing(weights(model.network), weights(other.network)) == set()


def test_a_reduced_embedding_comes_whole_and_is_filled_whole(make_text_model, tmp_path):
    other = changed(make_text_model(1, ["a", "b"]))
    full = other.network.encoder.model.get_input_embeddings().weight.detach().clone()
    reduce_embedding(other.network.encoder.model, torch.arange(5, 12))
    path = saved(other, tmp_path / "other.ckpt")
    whole, reduced = make_text_model(2, ["a", "b"]), make_text_model(2, ["a", "b"])
    reduce_embedding(reduced.network.encoder.model, torch.arange(3, 7))
    for model in (whole, reduced):
        assert model.begin_with(start_at(path)) == []
    assert torch.equal(whole.network.encoder.model.get_input_embeddings().weight, full)
    table = reduced.network.encoder.model.get_input_embeddings()
    assert isinstance(table, ReducedEmbedding)
    assert torch.equal(table.full_table(), full)
    assert table.shrunk == 1.0


def test_thresholds_and_what_else_the_objective_keeps_stay(make_text_model, tmp_path):
    other = make_text_model(1, ["a", "b"], several=True)
    other.objective.thresholds.fill_(0.9)
    path = saved(other, tmp_path / "other.ckpt")
    model = make_text_model(2, ["a", "b"], several=True)
    model.begin_with(start_at(path))
    assert model.objective.thresholds.tolist() == [0.5, 0.5]
    assert differing(weights(model.network), weights(other.network)) == set()


def test_another_encoder_is_a_difference_even_if_its_shapes_fit(make_text_model, tmp_path):
    path = saved(make_text_model(1, ["a", "b"]), tmp_path / "other.ckpt")
    model = make_text_model(2, ["a", "b"])
    model.model_config["encoder"] = "elsewhere"
    for parts in (None, ("encoder",)):
        with pytest.raises(ConfigError, match=r"model_config\.encoder: was .*tiny there"):
            model.begin_with(start_at(path, parts))


def test_a_bundle_says_its_labels_in_its_config(make_text_model, source, tmp_path):
    other = make_text_model(1, ["a", "b"])
    save_network(other.network, tmp_path, {"label": ["a", "b"]}, load_tokenizer(source))
    described = json.loads((tmp_path / "config.json").read_text())
    assert described["dsf_outputs"] == {"label": ["a", "b"]}
    with pytest.raises(ConfigError, match=r"was \['a', 'b'\] there, is \['b', 'a'\] here"):
        make_text_model(2, ["b", "a"]).begin_with(start_at(tmp_path / "model.safetensors"))
