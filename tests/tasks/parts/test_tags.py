"""Tags: every word has one, wherever a window ends; entities stand where they are in the text."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import ConfigError
from dsf.core.seeding import seed_process
from dsf.lightning import PlModel, build_tester
from dsf.losses import IGNORED
from dsf.tasks import ner, pos

SILENT = "\u200b"  # the tokenizer drops it


def make_row(words, tags, gap=" "):
    starts = [sum(len(word) + len(gap) for word in words[:at]) for at in range(len(words))]
    return {"text": gap.join(words), "tokens": words, "starts": starts, "tags": tags}


def make_rows():
    trip = ["book", "a", "flight", "to", "new", "york"]
    tags = ["O", "O", "O", "O", "B-city", "I-city"]
    rows = pd.DataFrame(
        [
            make_row(["time", "in", "rome"], ["O", "O", "B-city"]),
            make_row(trip * 12, tags * 12),
            make_row(["oslo", "time"], ["B-city", "O"], gap="  "),
            make_row(trip * 5, tags * 5),
        ]
    )
    return rows.assign(row_id=[7, 3, 5, 9])


@pytest.fixture
def config(complete):
    return complete(make_rows(), {"label_kind": "tags", "tag_scheme": "iob2"})


def answer(task, config, rows, probabilities_of):
    """Let a model answer that gives what is asked for each token."""
    model_config, dataset_config = config["model_config"], config["dataset_config"]
    module = task.create_data_module(model_config, dataset_config, None, None, rows)
    model = SimpleNamespace(test_probabilities=probabilities_of(module.test.encoded))
    return module, task.make_predictions(model, module, rows, model_config, dataset_config)


def knowing(tags):
    """Give the right tag at every token that has a target, and any tag at the others."""

    def probabilities(encoded):
        random = np.random.default_rng(0)
        given = random.dirichlet(np.ones(tags), len(encoded.ids))
        at = encoded.targets != IGNORED
        given[at] = 0.1 / (tags - 1)
        given[at, encoded.targets[at]] = 0.9
        return given

    return probabilities


def test_a_text_in_windows_has_a_tag_for_each_word(config):
    rows = make_rows()
    module, answers = answer(ner, config, rows, knowing(3))
    assert np.bincount(module.test.encoded.window_rows).tolist()[1] > 2
    assert answers.row_ids.tolist() == [7, 3, 5, 9]
    assert [list(row) for row in answers.predictions] == rows["tags"].tolist()
    assert {round(one, 6) for row in answers.confidences for one in row} == {0.9}


def test_windows_share_as_many_tokens_as_the_config_says(config):
    def ids_of(stride):
        model_config = config["model_config"] | {"window_stride": stride}
        module = ner.create_data_module(
            model_config, config["dataset_config"], None, None, make_rows().iloc[1:2]
        )
        encoded = module.test.encoded
        return np.split(encoded.ids, np.cumsum(encoded.lengths)[:-1])

    for stride in (0, 4, 21):
        first, second, *_ = ids_of(stride)
        assert first[22 - stride + 1 : -1].tolist() == second[1 : 1 + stride].tolist()


def test_windows_that_share_too_much_are_refused(config):
    config["model_config"] |= {"window_stride": 22}
    said = r"window_stride: must be below 22, which model_config\.max_length \(24\) leaves"
    with pytest.raises(ConfigError, match=said):
        answer(ner, config, make_rows(), knowing(3))


def test_entities_stand_where_they_are_in_the_text(config):
    rows = make_rows()
    _, answers = answer(ner, config, rows, knowing(3))
    for number, (text, tags) in enumerate(zip(rows["text"], rows["tags"], strict=True)):
        entities = answers.entities(number)
        assert len(entities) == tags.count("B-city")
        for entity in entities:
            assert text[entity.start : entity.end] == entity.text
            assert entity.text in {"rome", "oslo", "new york"}
            assert entity.label == "city"


def test_answers_follow_the_scheme_whatever_the_model_says(config):
    def inside_everywhere(encoded):
        return np.tile([0.1, 0.3, 0.6], (len(encoded.ids), 1))

    _, answers = answer(ner, config, make_rows(), inside_everywhere)
    for tags in answers.predictions:
        assert list(tags) == ["B-city"] + ["I-city"] * (len(tags) - 1)


def test_a_word_that_no_model_sees_is_answered_all_the_same(complete):
    rows = pd.DataFrame([make_row(["time", SILENT, "rome"], ["NOUN", "X", "NAME"])])
    rows = rows.assign(row_id=[1])
    config = complete(rows, {"label_kind": "tags"})
    module, answers = answer(pos, config, rows, knowing(3))
    assert module.test.encoded.silent_words.tolist() == [[0, 1]]
    assert [answers.predictions[0][at] for at in (0, 2)] == ["NOUN", "NAME"]
    assert answers.confidences[0] == pytest.approx([0.9, 1 / 3, 0.9])


def test_only_what_is_asked_for_is_learned(config):
    """A training batch has targets alone; others also tell which word a token answers."""
    rows = make_rows()
    module = ner.create_data_module(config["model_config"], config["dataset_config"], rows, rows)
    (batch,) = [*module.train_dataloader()]
    assert set(batch) == {"input_ids", "lengths", "targets"}
    words = rows["tokens"].map(len).sum()
    assert (batch["targets"] != IGNORED).sum() == words
    answered = sum(int(batch["first"].sum()) for batch in module.val_dataloader())
    assert answered == words


def test_every_token_of_a_word_learns_when_asked(complete):
    rows = pd.DataFrame([make_row(["timeflighttrain", "a"], ["NOUN", "DET"])]).assign(row_id=[1])
    for tag_subtokens, more in ((False, False), (True, True)):
        config = complete(rows, {"label_kind": "tags"}, tag_subtokens=tag_subtokens)
        module = pos.create_data_module(
            config["model_config"], config["dataset_config"], rows, None
        )
        (batch,) = [*module.train_dataloader()]
        assert ((batch["targets"] != IGNORED).sum() > 2) == more


@pytest.mark.parametrize("scheme", ["iob2", None])
def test_spans_are_counted_where_the_config_names_their_scheme(config, scheme):
    """Not where tags merely look as if they marked spans."""
    tags = ["O", "B-city", "I-city"]
    model_config = config["model_config"] | {
        "label_names": tags,
        "label_counts": [1, 1, 1],
        "tag_scheme": scheme,
    }
    assert ner.build_objective(model_config, config["metrics"]).scheme == scheme


def test_a_model_answers_windows_as_they_came(config, tmp_path):
    """The numbers of the test, counted batch by batch, are those of the predictions."""
    rows = make_rows()
    model_config = ner.complete_config(config["model_config"] | {"batch_size": 1})
    config = config | {"model_config": model_config}
    seed_process(1)
    model = PlModel(
        ner.build_network(model_config),
        model_config,
        config["metrics"],
        objective=ner.build_objective(model_config, config["metrics"]),
    )
    module = ner.create_data_module(model_config, config["dataset_config"], None, None, rows)
    tester = build_tester({"accelerator": "cpu", "enable_progress_bar": False}, tmp_path)
    (numbers,) = tester.test(model, module, verbose=False)
    answers = ner.make_predictions(model, module, rows, model_config, config["dataset_config"])
    assert [len(row) for row in answers.predictions] == [len(row) for row in rows["tokens"]]
    first = model.test_probabilities[module.test.encoded.first].argmax(axis=1)
    true = module.test.encoded.targets[module.test.encoded.first]
    assert numbers["test_accuracy"] == pytest.approx((first == true).mean())
