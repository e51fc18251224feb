"""A bundle is whole or refused, and all that is wrong with it is named at once."""

import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsf.core.bundle import (
    FORMAT_VERSION,
    Bundle,
    BundleInputs,
    BundleLabels,
    BundleMetadata,
    write_bundle,
)
from dsf.core.bundle_manifest import FileFacts, Manifest
from dsf.core.errors import BundleError

LABELS = BundleLabels("single", {"label": ["no", "yes"]}, ["answer"])
METADATA = BundleMetadata(
    format_version=FORMAT_VERSION,
    name="tiny",
    version="v3",
    task="intent_classification",
    created="2026-01-02T03:04:05+00:00",
    inputs=BundleInputs("text", 24),
    scores={"f1": {"value": 0.5, "low": 0.25, "high": 0.75}},
)


def fill(folder):
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")


def make(folder, fill=fill, labels=LABELS):
    return write_bundle(folder, labels, METADATA, {"model_config": {"seed": 1}}, fill)


@pytest.fixture
def folder(tmp_path):
    make(tmp_path / "bundle")
    return tmp_path / "bundle"


def faults_of(folder):
    with pytest.raises(BundleError) as raised:
        Bundle.open(folder)
    return {problem.where: problem.message for problem in raised.value.problems}


def test_what_was_written_is_read(folder):
    bundle = Bundle.open(str(folder))
    assert bundle.labels == LABELS
    assert bundle.metadata == METADATA
    assert bundle.training_config == {"model_config": {"seed": 1}}
    assert bundle.find("model.safetensors").read_bytes() == b"weights"
    assert bundle.find("thresholds.json") is None
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_the_hash_is_of_the_content_wherever_it_lies(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "elsewhere" / "copy")
    copy = Bundle.open(tmp_path / "elsewhere" / "copy")
    assert copy.hash == Bundle.open(folder).hash

    def otherwise(work):
        fill(work)
        (work / "model.safetensors").write_bytes(b"Weights")

    assert make(tmp_path / "other", otherwise).hash != copy.hash


def test_scores_may_come_later(folder):
    before = Bundle.open(folder)
    after = before.with_scores({"accuracy": 0.75})
    assert after == Bundle.open(folder)
    assert after.metadata.scores == {"accuracy": 0.75}
    assert after.metadata.name == "tiny"
    assert after.hash != before.hash


def test_scores_do_not_sign_for_what_was_changed(folder):
    bundle = Bundle.open(folder)
    (folder / "model.safetensors").write_bytes(b"Weights")
    with pytest.raises(BundleError, match=r"model\.safetensors"):
        bundle.with_scores({})


def test_all_faults_are_named_at_once(folder, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (folder / "labels.json").unlink()
    (folder / "model.safetensors").write_bytes(b"wEights")
    (folder / "metadata.json").write_text("{}")
    (folder / "tokenizer" / "code.py").write_text("print()")
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(tmp_path / "secret")
    (folder / "more").symlink_to(tmp_path)
    faults = faults_of(folder)
    assert {where: message.partition(",")[0] for where, message in faults.items()} == {
        "config.json": "must be a file of the bundle's own",
        "labels.json": "must be in the bundle",
        "metadata.json": f"must have {(faults['metadata.json'].split()[2])} bytes",
        "model.safetensors": "must have the content that was exported",
        "more": "must be a file of the bundle's own",
        "tokenizer/code.py": "must not be in the bundle: its manifest does not name it. Remove it.",
    }
    assert "is missing" in faults["labels.json"]
    assert str(tmp_path / "secret") in faults["config.json"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_link_is_no_file_even_to_the_right_content(folder, tmp_path, inside):
    """It would point nowhere once the folder is copied."""
    place = folder / "tokenizer" / "weights" if inside else tmp_path / "weights"
    shutil.copy(folder / "model.safetensors", place)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to(place)
    assert "is a link" in faults_of(folder)["model.safetensors"]


def test_the_folder_itself_may_be_reached_by_a_link(folder, tmp_path):
    (tmp_path / "current").symlink_to(folder)
    assert Bundle.open(tmp_path / "current").labels == LABELS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not there"),
        ("{", "must be JSON"),
        ("[]", "must be JSON"),
        ('{"format_version": 1, "hash": "", "files": {"a": 3}}', "must be JSON"),
        ('{"format_version": 1, "hash": "00", "files": {}}', "hash of its own list"),
        ('{"format_version": 2}', "is of 2: a newer dsf"),
    ],
)
def test_a_manifest_that_cannot_be_used(folder, content, said):
    path = folder / "MANIFEST.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert said in faults_of(folder)["MANIFEST.json"]


def test_a_manifest_that_is_a_link_is_refused(folder, tmp_path):
    path = folder / "MANIFEST.json"
    path.rename(tmp_path / "MANIFEST.json")
    path.symlink_to(tmp_path / "MANIFEST.json")
    assert "is a link" in faults_of(folder)["MANIFEST.json"]


def test_a_manifest_reaches_no_file_outside(folder, tmp_path):
    """Whoever writes a manifest could otherwise learn what other files hold."""
    (tmp_path / "secret").write_text("secret")
    path = folder / "MANIFEST.json"
    content = json.loads(path.read_text())
    content["files"]["../secret"] = {"sha256": "0" * 64, "size": 6}
    path.write_text(json.dumps(content))
    assert "hash of its own list" in faults_of(folder)["MANIFEST.json"]
    Manifest({name: FileFacts(**facts) for name, facts in content["files"].items()}).write(folder)
    assert "is missing" in faults_of(folder)["../secret"]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any") / "bundle"
    bundle = make(folder)
    name = data.draw(st.sampled_from(sorted(bundle.manifest.files)))
    content = bytearray((folder / name).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(content)
    assert list(faults_of(folder)) == [name]


def test_there_must_be_a_folder(tmp_path):
    assert "no such folder" in faults_of(tmp_path / "nowhere")[str(tmp_path / "nowhere")]


def test_a_writer_that_fails_leaves_the_older_bundle(folder):
    before = Bundle.open(folder).hash

    def break_down(work):
        fill(work)
        raise KeyError("weights")

    with pytest.raises(KeyError):
        make(folder, break_down)
    assert Bundle.open(folder).hash == before
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]


def test_an_older_bundle_is_replaced_whole(folder):
    def more(work):
        fill(work)
        (work / "thresholds.json").write_text("{}")

    make(folder, more)
    assert make(folder).find("thresholds.json") is None


def test_a_bundle_that_lacks_files_is_not_written(tmp_path):
    with pytest.raises(BundleError) as raised:
        make(tmp_path / "bundle", lambda work: (work / "config.json").write_text("{}"))
    lacking = [problem.where for problem in raised.value.problems]
    assert lacking == ["model.safetensors", "tokenizer/tokenizer.json"]
    assert not (tmp_path / "bundle").exists()


def test_what_is_no_bundle_is_not_replaced(tmp_path):
    (tmp_path / "thesis.tex").write_text("all of it")
    with pytest.raises(BundleError, match="must be absent, empty or an older bundle"):
        make(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "all of it"


@pytest.mark.parametrize(
    ("labels", "wrong"),
    [
        (BundleLabels("any", {"label": ["a"]}, []), ["kind"]),
        (BundleLabels("single", {}, []), ["outputs"]),
        (BundleLabels("single", {"a": ["x"], "b": ["y"]}, []), ["outputs"]),
        (BundleLabels("single", {"label": ["a"]}, [], "iob2"), ["scheme"]),
        (BundleLabels("tags", {"tags": ["O", "O"]}, [], "bio"), ["scheme", "tags"]),
        (BundleLabels("multi_output", {"a": [], "b": ["y", "y"]}, []), ["a", "b"]),
    ],
)
def test_labels_must_go_together(tmp_path, labels, wrong):
    with pytest.raises(BundleError) as raised:
        make(tmp_path / "bundle", labels=labels)
    assert [problem.where for problem in raised.value.problems] == wrong


def test_metadata_of_other_types_are_refused(tmp_path):
    (tmp_path / "metadata.json").write_text('{"name": 3, "inputs": {"max_length": "24"}}')
    with pytest.raises(BundleError) as raised:
        BundleMetadata.read(tmp_path)
    wrong = {problem.where for problem in raised.value.problems}
    assert {"metadata.json.name", "metadata.json.inputs.max_length"} <= wrong
    assert "metadata.json.version" in wrong
