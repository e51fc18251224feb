"""A bundle answers as the run that it comes from, and wherever it is copied.

Rows that are to be scored share batches as in the run's test, and the answers are the same to the
last bit. In other batches, which are those of other texts, sums of 32-bit numbers
are added up in another order, since a batch's size decides how its products are cut into blocks:
then probabilities of the network may differ by a few units in the last place, which 1e-5 is far
above, and a label may differ only where two were that close. A temperature keeps them that close;
an isotonic curve may be steep, most of all at the rows that it was learned from, which are asked
here, and make an answer of such a difference.
"""

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
)

from dsf.base.carried import carry_files
from dsf.base.decisions import DECISION_FILES
from dsf.base.export_request import ExportRequest
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.tag_predictions import TagPredictions
from dsf.inference import Predictor
from dsf.networks import TokenClassifier

pytestmark = pytest.mark.filterwarnings("ignore:.*does not have many workers.*")

TOLERANCE = 1e-5


def numbers_of(predictions):
    """All probabilities of predictions, one after another."""
    if isinstance(predictions, MultiOutputPredictions):
        return np.concatenate([one.probabilities.ravel() for one in predictions.outputs.values()])
    if isinstance(predictions, TagPredictions):
        return np.concatenate([np.asarray(row) for row in predictions.confidences])
    return predictions.probabilities.ravel()


def without_numbers(predictions):
    """A table of what was answered."""
    frame = predictions.to_frame()
    numbers = [name for name in frame if name.startswith(("probability", "confidence"))]
    return frame.drop(columns=[*numbers, *(["entities"] if "entities" in frame else [])])


def test_rows_to_score_are_answered_to_the_same_bits(made):
    theirs, ours = made.answer(made.rows), made.predictor.predict_rows(made.rows)
    assert type(ours) is type(theirs)
    np.testing.assert_array_equal(numbers_of(ours), numbers_of(theirs))
    pd.testing.assert_frame_equal(ours.to_frame(), theirs.to_frame(), check_exact=True)


@contextmanager
def batches_seen():
    """Note how many tokens each batch has that a tagger is given."""
    sizes = []

    def note(module, inputs):
        if isinstance(module, TokenClassifier):
            sizes.append(len(inputs[0]))

    hook = register_module_forward_pre_hook(note)
    yield sizes
    hook.remove()


@pytest.mark.parametrize("limits", [{"max_tokens": 24}, {"batch_size": None, "max_tokens": 30}, {}])
def test_rows_to_score_share_the_batches_of_a_test(make, tmp_path, limits):
    made = make("ner")
    config = made.config["model_config"] | limits
    request = ExportRequest(tmp_path / "bundle", config, made.config, decisions=made.decisions)
    bundle = made.model.export_bundle(request)
    predictor = Predictor(bundle.folder, device="cpu")
    with batches_seen() as theirs:
        expected = made.answer(made.rows, **limits)
    with batches_seen() as ours:
        found = predictor.predict_rows(made.rows)
    assert len(ours) > 3
    assert ours == theirs
    np.testing.assert_array_equal(numbers_of(found), numbers_of(expected))


def test_a_row_above_the_limit_of_a_batch_has_one_of_its_own(make, tmp_path):
    """Texts in use may be longer than any that was learned from."""
    made = make("ner")
    config = made.config["model_config"] | {"max_tokens": 3}
    request = ExportRequest(tmp_path / "bundle", config, made.config, decisions=made.decisions)
    bundle = made.model.export_bundle(request)
    with batches_seen() as sizes:
        Predictor(bundle.folder, device="cpu").predict(made.rows)
    assert max(sizes) == 24


@pytest.mark.parametrize("batch_size", [1, 5, 1000])
def test_other_batches_give_the_same_answers(made, batch_size):
    theirs = made.answer(made.rows)
    ours = made.predictor.predict_rows(made.rows, {"batch_size": batch_size})
    if made.decisions.calibration.method == "isotonic":
        logits = made.predictor.predict_logits(made.rows, {"batch_size": batch_size})["labels"]
        given, found = made.answer(made.rows, finished=False), 1 / (1 + np.exp(-logits))
        np.testing.assert_allclose(found.ravel(), numbers_of(given), rtol=0, atol=TOLERANCE)
    else:
        np.testing.assert_allclose(numbers_of(ours), numbers_of(theirs), rtol=0, atol=TOLERANCE)
        pd.testing.assert_frame_equal(without_numbers(ours), without_numbers(theirs))


@pytest.mark.parametrize("name", ["ner", "pos"])
def test_a_word_that_no_model_sees_is_answered_as_in_the_run(make, name):
    made = make(name)
    words = ["the", "\u200b", "rome"]  # the tokenizer drops the second
    row = {"row_id": 1, "text": " ".join(words), "tokens": words, "starts": [0, 4, 6]}
    rows = pd.DataFrame([row | {"tags": ["O" if name == "ner" else "WORD"] * 3}])
    theirs, ours = made.answer(rows), made.predictor.predict_rows(rows)
    pd.testing.assert_frame_equal(ours.to_frame(), theirs.to_frame(), check_exact=True)
    (logits,) = made.predictor.predict_logits(rows)["tags"]
    assert logits.any(axis=1).tolist() == [True, False, True]


def test_the_bundle_abstains_where_the_run_does(made):
    table, abstention = made.predictor.predict(made.rows), made.decisions.abstention
    measured = abstention.measure(made.answer(made.rows))
    assert 0 < measured["answered"] < len(made.rows)
    assert table["abstained"].tolist() == (table["confidence"] <= abstention.confidence).tolist()
    if made.decisions.calibration.method != "isotonic":
        assert (~table["abstained"]).sum() == measured["answered"]


_ELSEWHERE = """
import json, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pytorch_lightning", "lightning", "lightning_fabric",
                                      "mlflow"} or name in {"dsf.base", "dsf.lightning",
                                                            "dsf.tasks"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())
from dsf.inference import Predictor
assert not {"torch", "transformers"} & set(sys.modules)
import pandas as pd
rows = pd.read_json(sys.stdin, orient="records", dtype=False)
for folder in sys.argv[1:]:
    Predictor(folder, device="cpu").predict_rows(rows.assign(tags=rows[f"tags_{folder}"])).write(
        __import__("pathlib").Path(f"{folder}.parquet")
    )
"""


def test_copies_answer_without_lightning_and_mlflow(make, tmp_path):
    names = ("intent_classification", "text_classification", "multilabel", "ner", "pos")
    each = [make(name) for name in names]
    for one in each:
        shutil.copytree(one.bundle.folder, tmp_path / one.name)
    rows = each[0].rows.assign(**{f"tags_{one.name}": one.rows["tags"] for one in each})
    answer = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, *names],
        input=rows.to_json(orient="records"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    for one in each:
        kind = type(expected := one.predictor.predict_rows(one.rows))
        found = kind.read(tmp_path / f"{one.name}.parquet")
        pd.testing.assert_frame_equal(found.to_frame(), expected.to_frame(), check_exact=True)


@pytest.mark.parametrize(
    ("name", "auto"),
    [
        ("ner", AutoModelForTokenClassification),
        ("pos", AutoModelForTokenClassification),
        ("intent_classification", AutoModelForSequenceClassification),
        ("multilabel", AutoModelForSequenceClassification),
    ],
)
def test_transformers_alone_gives_the_same_logits(make, name, auto):
    made = make(name)
    folder = made.bundle.folder
    saved, info = auto.from_pretrained(folder, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    texts = made.rows["text"][made.rows["tokens"].map(len) < 12].tolist()
    assert len(texts) > 5
    ours = next(iter(made.predictor.predict_logits(texts).values()))
    for text, mine in zip(texts, ours, strict=True):
        encoded = tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            theirs = saved.eval()(**encoded).logits[0].numpy()
        if name in ("ner", "pos"):
            words = encoded.word_ids()
            first = [words.index(number) for number in range(len(text.split()))]
            theirs = theirs[first]
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-5)


def test_what_a_checkpoint_carries_goes_into_its_bundle(made, tmp_path):
    """Without being told: the fit put it there, for a checkpoint that is copied elsewhere."""
    checkpoint = shutil.copy(made.checkpoint, tmp_path / "copy.ckpt")
    carry_files(checkpoint, [made.folder / name for name in DECISION_FILES])
    sections = made.config["model_config"], made.config
    request = ExportRequest(tmp_path / "bundle", *sections, model_path=checkpoint)
    bundle = made.model.export_bundle(request)
    others = {"metadata.json"}  # says when it was made
    found, expected = bundle.manifest.files, made.bundle.manifest.files
    assert {name: found[name] for name in found.keys() - others} == {
        name: expected[name] for name in expected.keys() - others
    }


def test_the_caller_keeps_its_random_state(make):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    Predictor(make("pos").bundle.folder, device="cpu").load()
    assert torch.equal(before, torch.get_rng_state())


def test_what_is_written_is_plain_and_names_its_origin(made):
    bundle = made.bundle
    suffixes = {name.rpartition(".")[2] for name in bundle.manifest.files}
    assert suffixes == {"json", "safetensors"}
    assert bundle.metadata.name == "tiny"
    assert bundle.metadata.version == "v1"
    assert bundle.metadata.task == made.name
    assert bundle.metadata.data_hash == "ab" * 32
    assert bundle.metadata.scores["f1"]["low"] == 0.4
    assert bundle.metadata.packages["torch"] == torch.__version__
    assert bundle.training_config["model_config"]["max_length"] == 24
    assert bundle.training_config["dataset_config"]["text_column"] == "text"
    for name in bundle.manifest.files:
        if name.endswith(".json"):
            json.loads((bundle.folder / name).read_text(encoding="utf-8"))
    settled = {name for name in ("calibration.json", "abstention.json") if bundle.find(name)}
    assert settled == {"calibration.json", "abstention.json"}
    settled = made.folder / "abstain.json"
    assert bundle.find("abstention.json").read_bytes() == settled.read_bytes()
    assert (bundle.find("thresholds.json") is not None) == (made.name == "multilabel")
