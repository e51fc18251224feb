"""Two models are compared on the same rows, in the same order, with the same labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import DataError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics import join_predictions

DROPPED = (
    "Both models give probabilities, but over different labels, so that they are not used: metrics "
    "of probabilities are left out."
)


def single(ids, targets, answers, labels=("a", "b"), probabilities=None):
    return Predictions(
        np.asarray(ids),
        np.array(list(targets)),
        np.array(list(answers)),
        list(labels),
        probabilities,
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_does_not_matter(make_pair, kind, seed):
    trained, existing = make_pair(kind, rows=20)
    order = np.random.default_rng(seed).permutation(20)
    joined = join_predictions(trained, existing.take(order))
    assert joined.existing.row_ids.tolist() == trained.row_ids.tolist()
    assert joined.notes == []
    first, second = joined.existing.to_frame(), existing.to_frame()
    assert first.equals(second[first.columns])


@given(
    mine=st.lists(st.integers(0, 30), unique=True),
    theirs=st.lists(st.integers(0, 30), unique=True),
    common_rows=st.booleans(),
)
def test_rows_of_one_side_alone_are_named_or_left_out(mine, theirs, common_rows):
    first, second = (single(ids, ["a"] * len(ids), ["a"] * len(ids)) for ids in (mine, theirs))
    both = [row for row in mine if row in theirs]
    alone = {"trained": set(mine) - set(theirs), "existing": set(theirs) - set(mine)}
    if both and (common_rows or not (alone["trained"] or alone["existing"])):
        joined = join_predictions(first, second, common_rows=common_rows)
        assert joined.trained.row_ids.tolist() == joined.existing.row_ids.tolist() == both
        assert bool(joined.notes) == bool(alone["trained"] or alone["existing"])
        return
    with pytest.raises(DataError) as caught:
        join_predictions(first, second, common_rows=common_rows)
    message = str(caught.value)
    for name, rows in alone.items():
        if both and rows:
            assert f"{len(rows)} row" in message
            assert f"by the {name} model alone" in message
            assert str(next(row for row in (*mine, *theirs) if row in rows)) in message
    assert both or "must be some that both models answered, but there are none" in message


def test_ids_that_have_nothing_in_common_are_shown():
    first, second = single(["m-1"], "a", "a"), single([7], "a", "a")
    with pytest.raises(DataError, match=r"trained model are like \['m-1'\], those .* like \[7\]"):
        join_predictions(first, second)


def test_a_note_counts_what_was_left_out():
    first, second = single([1, 2, 3], "aab", "aab"), single([3, 4], "ba", "bb")
    joined = join_predictions(first, second, common_rows=True)
    assert joined.notes == [
        "Only the 1 row that both models answered are compared; the trained model answered 2 more, "
        "the existing one 1."
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_ids_and_labels_that_are_numbers_on_one_side_and_text_on_the_other(turned):
    chances = np.array([[0.9, 0.1], [0.2, 0.8]])
    numbers = single([7, 8], [0, 1], [0, 1], [0, 1], chances)
    texts = single(["8", "7"], ["1", "0"], ["1", "0"], ["1", "0"], chances)
    sides = (texts, numbers) if turned else (numbers, texts)
    joined = join_predictions(*sides)
    assert joined.notes == []
    assert joined.trained.row_ids.tolist() == sides[0].row_ids.tolist()
    for side in (joined.trained, joined.existing):
        assert side.labels == (["1", "0"] if turned else ["0", "1"])
        assert side.targets.tolist() == (["1", "0"] if turned else ["0", "1"])
        assert side.predictions.tolist() == side.targets.tolist()
    of_label = {
        label: joined.existing.probabilities[:, place].tolist()
        for place, label in enumerate(joined.existing.labels)
    }
    expected = {"1": [0.8, 0.1], "0": [0.2, 0.9]} if turned else {"0": [0.8, 0.1], "1": [0.2, 0.9]}
    assert of_label == expected


def test_ids_that_would_be_one_as_text_stay_apart():
    mixed = single(np.array([1, "1"], dtype=object), "ab", "ab")
    joined = join_predictions(mixed, single([1, 2], "ab", "ab"), common_rows=True)
    assert joined.trained.row_ids.tolist() == [1]


def test_labels_that_only_one_model_knows_are_never_answered_by_the_other():
    trained = single([1, 2], ["a", "b"], ["a", "b"], "ab", np.eye(2))
    existing = single([1, 2], ["a", "b"], ["a", "c"], "cba", np.eye(3)[[2, 0]])
    joined = join_predictions(trained, existing)
    assert joined.trained.labels == joined.existing.labels == ["a", "b", "c"]
    assert joined.trained.probabilities is joined.existing.probabilities is None
    assert joined.notes == [
        "The existing model alone answers the label ['c'], true of no row, in 1 row: [2]. That "
        "counts as wrong.",
        DROPPED,
    ]


def test_a_label_that_is_true_and_that_one_model_does_not_know():
    trained = single([1, 2, 3], "acc", "acb", "abc")
    turned = join_predictions(replace(trained, labels=["a", "b", "c", "d"]), trained)
    assert turned.notes == ["The existing model does not know the label ['d']. No row has it."]
    one, other = single([1, 2], "ab", "ab", "ab"), single([1, 2], "ab", "aa", ["a", "b"])
    assert join_predictions(one, other).notes == []


@pytest.mark.parametrize("written", ["A", "a ", " A"])
@pytest.mark.parametrize("turned", [False, True])
def test_labels_that_are_written_otherwise_are_refused(written, turned):
    truth = list("ab" * 4)
    right = single(range(8), truth, truth)
    answers = [written if label == "a" else label for label in truth]
    strange = single(range(8), truth, answers, ["a", "b", written])
    with pytest.raises(DataError) as caught:
        join_predictions(*((strange, right) if turned else (right, strange)))
    model = "trained" if turned else "existing"
    assert (
        f"labels: must be written as the other labels are, but the {model} model has {written!r} "
        "in 4 rows, [0, 2, 4, 6], where 'a' is known. Write both alike."
    ) in str(caught.value)


@pytest.mark.parametrize(("label", "written"), [(1, "1.0"), ("1", "1.0"), ("1.50", "1.5")])
def test_a_number_that_is_written_otherwise_is_no_other_label(label, written):
    truth = [label, "x", label]
    right, strange = (
        Predictions(np.arange(3), np.array(truth, object), np.array(answers, object), labels)
        for answers, labels in (
            (truth, [label, "x"]),
            ([written, "x", written], [label, "x", written]),
        )
    )
    with pytest.raises(DataError, match=f"the existing model has '{written}' in 2 rows"):
        join_predictions(right, strange)


def test_labels_that_differ_in_case_alone_are_two_if_both_models_know_both():
    side = single([1, 2], "ab", "Ab", ["a", "A", "b"])
    assert join_predictions(side, side).notes == []


def test_answers_of_which_none_can_be_right_are_refused():
    truth, labels = list("aba") * 2, [*"ab", "LABEL_0", "LABEL_1"]
    right = single(range(6), truth, truth)
    strange = single(range(6), truth, ["LABEL_0", "LABEL_1", "LABEL_0"] * 2, labels)
    with pytest.raises(DataError) as caught:
        join_predictions(right, strange)
    assert (
        "labels: must be the same for both models, but none that the existing model answers is "
        "known to the other or true of a row: it answers ['LABEL_0', 'LABEL_1'] in 6 rows, "
        "[0, 1, 2, 3, 4, …]; true are ['a', 'b']."
    ) in str(caught.value)
    few = np.arange(5)  # five wrong answers are possible, and decide nothing
    assert join_predictions(right.take(few), strange.take(few)).notes


def test_columns_and_tags_that_are_written_otherwise_are_refused(make_pair):
    trained, existing = make_pair("multilabel", rows=10)
    with pytest.raises(DataError, match=r"the existing model has 'C' in \d+ rows.* where 'c'"):
        join_predictions(trained, replace(existing, labels=["a", "b", "C"]))
    with pytest.raises(DataError, match=r"none that the existing model answers is known"):
        join_predictions(trained, replace(existing, labels=["x", "y", "z"]))
    trained, existing = make_pair("tags", rows=8)
    answers = [["Noun" if tag == "noun" else tag for tag in row] for row in existing.predictions]
    strange = replace(existing, predictions=answers, tags=[*existing.tags, "Noun"])
    with pytest.raises(DataError, match=r"tags: .* the existing model has 'Noun' .* where 'noun'"):
        join_predictions(trained, strange)


def test_the_order_of_the_labels_does_not_matter():
    trained = single([1], ["a"], ["a"], "abc", np.array([[0.7, 0.2, 0.1]]))
    existing = single([1], ["a"], ["a"], "cab", np.array([[0.1, 0.7, 0.2]]))
    joined = join_predictions(trained, existing)
    assert joined.existing.labels == ["a", "b", "c"]
    assert joined.existing.probabilities.tolist() == joined.trained.probabilities.tolist()


def test_other_labels_of_several_a_row(make_pair):
    trained, existing = make_pair("multilabel", rows=10)
    fewer = MultiLabelPredictions(
        existing.row_ids,
        existing.targets[:, :2],
        existing.probabilities[:, :2],
        existing.thresholds[:2],
        existing.labels[:2],
    )
    joined = join_predictions(trained, fewer)
    assert joined.existing.labels == ["a", "b", "c"]
    assert joined.existing.targets.tolist() == trained.targets.tolist()
    assert joined.existing.predictions[:, :2].tolist() == fewer.predictions.tolist()
    assert not joined.existing.predictions[:, 2].any()
    assert joined.notes == [
        "The existing model does not know the label ['c'], true of 3 rows: [0, 1, 7]. It never "
        "answers it, and that counts.",
        DROPPED,
    ]
    assert joined.trained.probabilities is joined.existing.probabilities is None
    assert joined.trained.predictions.tolist() == trained.predictions.tolist()


def test_several_labels_a_row_without_probabilities(make_pair):
    trained, existing = make_pair("multilabel", rows=10)
    switches = replace(existing, probabilities=None, decided=existing.predictions)
    joined = join_predictions(trained, switches)
    assert joined.existing.probabilities is None
    assert joined.existing.predictions.tolist() == existing.predictions.tolist()


def test_another_truth_is_named_with_its_rows(make_pair, kind):
    trained, existing = make_pair(kind, rows=8)
    where = {"multi_output": "targets of two", "multilabel": "b"}.get(kind, "targets")
    where = "tokens" if kind in {"tags", "entities"} else where
    with pytest.raises(DataError, match=rf"{where}: must be .* \[5\]"):
        join_predictions(trained, _change(existing, row=5))


def _change(predictions, row):
    """Change what is true of one row: a label, or what its first token reads."""
    if isinstance(predictions, MultiOutputPredictions):
        two = _change(predictions.outputs["two"], row)
        return MultiOutputPredictions({**predictions.outputs, "two": two})
    if isinstance(predictions, TagPredictions):
        texts, tokens = list(predictions.texts), [list(tags) for tags in predictions.tokens]
        texts[row], tokens[row][0] = "v" + texts[row][1:], "v0"
        return replace(predictions, texts=texts, tokens=tokens)
    targets = predictions.targets.copy()
    if isinstance(predictions, MultiLabelPredictions):
        targets[row, 1] = 1 - targets[row, 1]
    else:
        targets[row] = "a" if targets[row] != "a" else "b"
    return replace(predictions, targets=targets)


def test_another_truth_of_tags(make_pair):
    trained, existing = make_pair("tags", rows=8)
    targets = [list(row) for row in existing.targets]
    targets[3][0] = "verb" if targets[3][0] != "verb" else "noun"
    with pytest.raises(DataError, match=r"targets: must be the same .* differ in 1 row: \[3\]"):
        join_predictions(trained, replace(existing, targets=targets))


def test_kinds_schemes_and_outputs_must_agree(make_pair):
    with pytest.raises(
        DataError,
        match="trained model gives one label a row and the existing one a tag for each token",
    ):
        join_predictions(make_pair("single")[0], make_pair("tags")[0])
    trained, existing = make_pair("entities")
    with pytest.raises(DataError, match="scheme: must be one for both models, but are iob2 and No"):
        join_predictions(trained, replace(existing, scheme=None))
    one, other = make_pair("multi_output")
    renamed = MultiOutputPredictions({"one": other.outputs["one"], "too": other.outputs["two"]})
    with pytest.raises(DataError, match=r"outputs: must be the same .* \['one', 'two'\]"):
        join_predictions(one, renamed)


def test_tags_that_only_one_model_knows(make_pair):
    trained, existing = make_pair("tags", rows=8)
    joined = join_predictions(trained, replace(existing, tags=[*existing.tags, "new"]))
    assert joined.trained.tags == joined.existing.tags == [*trained.tags, "new"]
    assert joined.notes == ["The trained model does not know the tag ['new']. No row has it."]
