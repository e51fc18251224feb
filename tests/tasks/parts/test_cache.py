"""A fit encodes its texts once: the next one reads them from ``cache_path`` and learns the same."""

import pandas as pd
import pytest
import torch

from dsf.core.seeding import seed_process
from dsf.lightning import PlModel, build_trainer
from dsf.tasks import intent_classification, ner, pos

WORDS = [["time", "in", "rome"], ["book", "a", "flight", "to", "oslo"] * 6, ["a", "cup"]]
ROWS = pd.DataFrame(
    {
        "row_id": [4, 2, 9],
        "text": [" ".join(words) for words in WORDS],
        "intent": ["ask", "book", "order"],
        "tokens": WORDS,
        "starts": [
            [len(" ".join([*words[:at], ""])) for at in range(len(words))] for words in WORDS
        ],
        "tags": [["O", "O", "B-x"], ["O", "O", "O", "O", "B-x"] * 6, ["O", "O"]],
    }
)
TAGS = {"label_kind": "tags", "label_column": None}
TASKS = {
    "intent_classification": (intent_classification, {"label_column": "intent"}),
    "ner": (ner, TAGS | {"tag_scheme": "iob2"}),
    "pos": (pos, TAGS | {"tag_scheme": None}),
}


@pytest.fixture
def no_tokenizer(monkeypatch):
    """Let every call fail that would tokenise."""

    def stop():
        monkeypatch.setattr("dsf.data.encoding.words.WordBatch", None)
        monkeypatch.setattr("dsf.data.encoding.texts._encode_chunks", None)

    return stop


def fit(task, config, folder):
    """Fit for an epoch, and give the weights."""
    model_config = task.complete_config(config["model_config"])
    seed_process(1)
    network = task.build_network(model_config)
    objective = task.build_objective(model_config, config["metrics"])
    model = PlModel(network, model_config, config["metrics"], objective=objective)
    module = task.create_data_module(model_config, config["dataset_config"], ROWS, ROWS[:2])
    quiet = {"logger": False, "enable_model_summary": False, "enable_progress_bar": False}
    build_trainer({"max_epochs": 1, "accelerator": "cpu", **quiet}, folder).fit(model, module)
    return {name: value.clone() for name, value in model.state_dict().items()}


@pytest.mark.parametrize("name", TASKS)
def test_a_second_fit_encodes_nothing(complete, tmp_path, no_tokenizer, name):
    task, labels = TASKS[name]
    cache = tmp_path / "cache"
    plain = complete(ROWS, labels, batch_size=2)
    config = complete(ROWS, labels | {"cache_path": str(cache)}, batch_size=2)
    expected = fit(task, plain, tmp_path / "plain")
    assert not cache.exists()
    first = fit(task, config, tmp_path / "first")
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    assert len([*cache.iterdir()]) == 2  # the training and the validation rows
    no_tokenizer()
    second = fit(task, config, tmp_path / "second")
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == kept
    for weights in (first, second):
        assert weights.keys() == expected.keys()
        assert all(torch.equal(weights[key], expected[key]) for key in expected)


@pytest.mark.parametrize("name", TASKS)
def test_the_log_says_of_which_rows_texts_are_long(complete, caplog, name):
    caplog.set_level("INFO")
    task, labels = TASKS[name]
    config = complete(ROWS, labels, batch_size=2)
    task.create_data_module(config["model_config"], config["dataset_config"], ROWS, ROWS[1:], ROWS)
    said = [message for message in caplog.messages if "(max_length)" in message]
    assert [message.partition(" texts ")[0] for message in said] == [
        "train: 1 of 3", "validation: 1 of 2", "test: 1 of 3"
    ]  # fmt: skip
