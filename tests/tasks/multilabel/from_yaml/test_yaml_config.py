"""The users' YAML as it is read, translated and refused."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.errors import ConfigError
from dsf.tasks.multilabel.from_yaml.translation import translate
from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "trainer_config.lightning_module_config"
DATA = "trainer_config.data_module_config"


def load(*overrides: str) -> dict[str, Any]:
    return translate(read_yaml_config(Path("conf.yaml"), overrides))[0]


def problems(*overrides: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        load(*overrides)
    return {problem.where: problem.message for problem in caught.value.problems}


def test_the_yaml_of_the_users_is_read_as_it_stands() -> None:
    config = read_yaml_config(Path(__file__).with_name("conf.yaml"))["trainer_config"]
    assert config["lightning_module_config"]["model"]["hidden_size"] == 768
    assert config["lightning_module_config"]["optimizer"]["kwargs"]["lr"] == 1e-6
    assert config["kwargs"]["max_epochs"] == 1


def test_the_yaml_of_the_guide_is_right(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[4] / "docs" / "guide" / "multilabel-yaml.md"
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M)
    (tmp_path / "conf.yaml").write_text(block, encoding="utf-8")
    config = read_yaml_config(tmp_path / "conf.yaml")["trainer_config"]
    assert config["lightning_module_config"]["model"]["num_classes"] == 2


@pytest.mark.usefixtures("workplace")
def test_what_is_ours_becomes_the_words_of_every_project() -> None:
    config = load()
    model, dataset = config["model_config"], config["dataset_config"]
    assert model["hooks"] == dataset["hooks"] == {}
    assert model["threshold_grid"] == {"vmin": 0.1, "vmax": 0.9, "step": 0.05}
    assert model["error_bars"] == {"n_iterations": 1000, "percentile": 2.5}
    assert (model["dropout"], model["max_length"], model["batch_size"]) == (0.1, 128, 5)
    assert model["output_keys"] == ["input_ids", "attention_mask"]
    assert dataset["label_columns"] == ["toxic"]
    assert [dataset[f"{part}_ratio"] for part in ("train", "validation", "test")] == [0.8, 0.1, 0.1]
    assert config["trainer_config"]["accelerator"] == "cpu"


@pytest.mark.usefixtures("workplace")
def test_the_logger_of_mlflow_says_where_the_run_is_tracked_and_others_work() -> None:
    config, notes = translate(read_yaml_config(Path("conf.yaml")))
    tracking = config["tracking_config"]
    assert tracking["use_mlflow"] is True
    assert tracking["experiment_name"] == "experiment_name"
    assert tracking["tracking_uri"] == "mlruns"
    loggers = [one["func"] for one in config["trainer_config"]["logger"]]
    assert loggers == ["MLFlowLogger", "TensorBoardLogger"]
    assert len([note for note in notes if "padding" in note]) == 1


@pytest.mark.usefixtures("workplace")
def test_of_two_loggers_of_mlflow_the_first_counts() -> None:
    one = "{module: lightning.pytorch.loggers, func: MLFlowLogger, kwargs: {run_name: %s, %s}}"
    given = f"[{one % ('a', 'save_dir: runs, log_model: true')}, {one % ('b', 'run_id: x')}]"
    yaml = read_yaml_config(Path("conf.yaml"), [f"trainer_config.loggers={given}"])
    config, notes = translate(yaml)
    tracking = config["tracking_config"]
    assert (tracking["run_name"], tracking["tracking_uri"]) == ("a", "runs")
    (kept,) = config["trainer_config"]["logger"]
    assert kept["kwargs"] == {"run_name": "a", "save_dir": "runs", "log_model": True}
    assert [note for note in notes if "loggers" in note] == [
        "trainer_config.loggers: a run is logged to MLflow once, as the first says"
    ]


@pytest.mark.usefixtures("workplace")
def test_what_the_logger_of_mlflow_must_not_say_is_told_with_its_place() -> None:
    place = "trainer_config.loggers.0.kwargs"
    found = problems(f"{place}.tracking_uri=http://me:s3cr3t@host", f"{place}.tags={{a: [1]}}")
    assert set(found) == {f"{place}.tracking_uri", f"{place}.tags.a"}
    assert "must hold no password" in found[f"{place}.tracking_uri"]


@pytest.mark.usefixtures("workplace")
def test_the_model_is_registered_as_the_yaml_says_and_its_files_are_copied() -> None:
    config, notes = translate(read_yaml_config(Path("conf.yaml")))
    registered, exported = config["register_config"], config["export_config"]
    name = config["project"]
    assert registered["name"] == name
    assert registered["description"] == "This is a description"
    assert registered["tags"] == {"one": 1}
    assert exported["artifact_folder"] == "model/"
    assert exported["tokenizer_path"] == "model/tokenizer"
    assert exported["model_path"] == "model/mode.safetensors"
    assert [note for note in notes if "mlflow" in note] == [
        "mlflow_config.model_path: the network is written to model/mode.safetensors"
    ]


@pytest.mark.usefixtures("workplace")
def test_without_a_logger_of_mlflow_nothing_is_registered() -> None:
    config, notes = translate(read_yaml_config(Path("conf.yaml"), ["trainer_config.loggers=[]"]))
    assert config["register_config"]["name"] is None
    assert config["export_config"]["artifact_folder"] == "model/"
    assert any("no model is registered, since loggers has none of MLflow" in one for one in notes)


@pytest.mark.usefixtures("workplace")
def test_what_is_replaced_becomes_a_hook_in_any_spelling() -> None:
    config = load(
        f"{MODULE}.predict='torch:tanh'",
        f"{MODULE}.define_loss={{class_path: torch.nn.BCEWithLogitsLoss}}",
        f"{DATA}.load_data={{module: pandas, func: read_csv, args: [data/x.csv]}}",
    )
    assert config["model_config"]["hooks"]["predict"] == "torch:tanh"
    assert set(config["model_config"]["hooks"]) == {"predict", "define_loss"}
    assert config["dataset_config"]["hooks"]["load_data"]["func"] == "read_csv"
    assert config["dataset_config"]["dataset_path"] is None


@pytest.mark.usefixtures("workplace")
def test_all_mistakes_are_told_at_once_with_their_places() -> None:
    found = problems(
        "trainer_config.sed=1",
        "trainer_config.kwargs.max_epoch=2",
        f"{MODULE}.predict.func=sigmod",
        f"{MODULE}.calculate_metrics.kwargs.percentil=3",
        f"{MODULE}.model.dropout_prob=1.5",
        f"{DATA}.dataset.kwargs.sampler=random",
        f"{MODULE}.model.pretrained_model.kwargs={{torch_dtype: float16}}",
        f"{DATA}.dataset.tokenizer_config.kwargs.truncation=false",
        f"{DATA}.dataset.tokenizer_config.output_keys=[ids]",
        "trainer_config.callbacks.0.func=EarlyStoping",
    )
    assert set(found) == {
        "trainer_config.sed",
        "trainer_config.kwargs.max_epoch",
        f"{MODULE}.predict",
        f"{MODULE}.calculate_metrics.kwargs",
        f"{MODULE}.model.dropout_prob",
        f"{DATA}.dataset.kwargs.sampler",
        f"{MODULE}.model.pretrained_model.kwargs.torch_dtype",
        f"{DATA}.dataset.tokenizer_config.kwargs.truncation",
        f"{DATA}.dataset.tokenizer_config.output_keys",
        "trainer_config.callbacks.0",
    }
    assert "Did you mean 'seed'?" in found["trainer_config.sed"]
    assert "Did you mean 'max_epochs'?" in found["trainer_config.kwargs.max_epoch"]
    assert "Did you mean 'sigmoid'?" in found[f"{MODULE}.predict"]
    assert "conf.yaml, line 71" in found[f"{MODULE}.predict"]
    assert "Known are: drop_last, num_workers" in found[f"{DATA}.dataset.kwargs.sampler"]
    options = found[f"{MODULE}.model.pretrained_model.kwargs.torch_dtype"]
    assert "hidden_dropout_prob" in options


@pytest.mark.usefixtures("workplace")
def test_options_of_loading_that_our_batches_can_have_are_taken_over() -> None:
    loading = (
        "{num_workers: 2, prefetch_factor: 4, pin_memory: false, shuffle: true, drop_last: false, "
        "persistent_workers: true}"
    )
    yaml = read_yaml_config(Path("conf.yaml"), [f"{DATA}.dataset.kwargs={loading}"])
    config, notes = translate(yaml)
    model = config["model_config"]
    assert model["num_workers"] == 2
    assert model["loader_options"] == {"pin_memory": False, "prefetch_factor": 4}
    assert len([note for note in notes if "persistent_workers has no effect" in note]) == 1


@pytest.mark.usefixtures("workplace")
def test_options_of_loading_that_our_batches_cannot_have_are_told() -> None:
    place = f"{DATA}.dataset.kwargs"
    found = problems(f"{place}={{shuffle: false, drop_last: true, prefetch_factor: 2}}")
    assert set(found) == {f"{place}.shuffle", f"{place}.drop_last", f"{place}.prefetch_factor"}
    assert "shuffled anew in every epoch" in found[f"{place}.shuffle"]
    assert "where num_workers is 0" in found[f"{place}.prefetch_factor"]


@pytest.mark.usefixtures("workplace")
def test_what_does_not_go_together_is_told_by_its_place_in_the_yaml() -> None:
    found = problems(
        f"{MODULE}.model.hidden_size=768",
        f"{MODULE}.model.num_classes=6",
        f"{MODULE}.calculate_metrics.kwargs.percentile=100",
        f"{MODULE}.calculate_best_thresholds.kwargs.vmax=0.05",
        f"{DATA}.split.kwargs.labels_columns=[rude]",
        f"{DATA}.split.kwargs.train_ratio=0.7",
    )
    size = found[f"{MODULE}.model.hidden_size"]
    assert "must be 32" in size
    assert "not 768" in size
    assert "must be 1" in found[f"{MODULE}.model.num_classes"]
    assert "less than 100" in found[f"{MODULE}.calculate_metrics.kwargs.percentile"]
    assert "above vmin" in found[f"{MODULE}.calculate_best_thresholds.kwargs.vmax"]
    assert "['toxic'], not ['rude']" in found[f"{DATA}.split.kwargs.labels_columns"]
    assert any("0.7 + 0.1 + 0.1" in message for message in found.values())
    assert not any(where.startswith(("model_config", "dataset_config")) for where in found)


@pytest.mark.usefixtures("workplace")
def test_thresholds_are_chosen_by_the_metric_of_the_yaml() -> None:
    place = f"{MODULE}.calculate_best_thresholds.kwargs"
    model = load(f"{place}.metric='sklearn.metrics:zero_one_loss'", f"{place}.maximize=false")
    model = model["model_config"]
    assert model["threshold_metric"] == "sklearn.metrics:zero_one_loss"
    assert model["threshold_maximize"] is False
    assert model["threshold_grid"] == {"vmin": 0.1, "vmax": 0.9, "step": 0.05}
    found = problems(f"{place}.metric=balanced", f"{place}.step=1.0e-9")
    assert "must be one of accuracy" in found[f"{place}.metric"]
    assert "at most 10,000 thresholds" in found[f"{place}.step"]


@pytest.mark.usefixtures("workplace")
def test_error_bars_must_have_two_ends() -> None:
    place = f"{MODULE}.calculate_metrics.kwargs.percentile"
    assert "must not be 50" in problems(f"{place}=50")[place]


@pytest.mark.usefixtures("workplace")
def test_an_encoder_that_is_not_there_is_told() -> None:
    found = problems(f"{MODULE}.model.pretrained_model.path=./nowhere")
    assert "must be a folder" in found[f"{MODULE}.model.pretrained_model.path"]


@pytest.mark.usefixtures("workplace")
@pytest.mark.parametrize("content", [b"{broken", b'{"name": "\xe9"}', b"[]"])
def test_an_encoder_whose_config_is_broken_is_told(content: bytes) -> None:
    Path("encoder/config.json").write_bytes(content)
    found = problems()[f"{MODULE}.model.pretrained_model.path"]
    assert "must have a config that is" in found
    assert "config.json" in found
    assert "conf.yaml, line" in found


@pytest.mark.usefixtures("workplace")
def test_the_tokenizer_must_not_have_more_tokens_than_the_encoder() -> None:
    path = Path("encoder/config.json")
    tokens = json.loads(path.read_text(encoding="utf-8"))["vocab_size"]
    shutil.copytree("encoder", "small")
    described = json.loads(path.read_text(encoding="utf-8")) | {"vocab_size": tokens - 1}
    Path("small/config.json").write_text(json.dumps(described), encoding="utf-8")
    found = problems(f"{MODULE}.model.pretrained_model.path=scratch:small")
    message = found[f"{DATA}.dataset.tokenizer_config.path"]
    assert f"at most {tokens - 1} tokens" in message
    assert f"the encoder 'scratch:small' has vectors, but 'scratch:encoder' has {tokens}" in message


def test_what_ours_needs_must_be_given(change: Callable[[str, str], None]) -> None:
    change('        text_column: "comment_text" # Column name for input text\n', "")
    assert "must be given" in problems()[f"{DATA}.process_data.kwargs.text_column"]


@pytest.mark.usefixtures("workplace")
def test_the_model_may_be_a_reference() -> None:
    config = load(f"{MODULE}.model={{module: torch.nn, func: Linear, kwargs: {{in_features: 3}}}}")
    assert config["model_config"]["hooks"]["model"]["func"] == "Linear"
    assert config["model_config"]["encoder"] == "scratch:encoder"
    found = problems(f"{MODULE}.model={{module: torch.nn, func: Liner}}")
    assert "Did you mean 'Linear'?" in found[f"{MODULE}.model"]


@pytest.mark.usefixtures("workplace")
def test_the_decision_has_one_place() -> None:
    own = "{module: numpy, func: greater}"
    assert set(load(f"{MODULE}.model.calculate_predictions={own}")["model_config"]["hooks"]) == {
        "calculate_predictions"
    }
    assert load(f"{MODULE}.calculate_predictions={own}")["model_config"]["hooks"]
    both = problems(
        f"{MODULE}.calculate_predictions={own}", f"{MODULE}.model.calculate_predictions={own}"
    )
    assert "twice" in both[f"{MODULE}.calculate_predictions"]
