"""Rows, the functions that may read and split them, and the file that keeps them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.errors import HookRaisedError, HookResultError, RunMismatchError
from dsf.core.references import allow_folder
from dsf.data import hash_rows
from dsf.tasks.multilabel.from_yaml.preparation import MultiLabelPreparation
from dsf.tasks.multilabel.from_yaml.translation import translate
from dsf.tasks.multilabel.from_yaml.yaml_config import read_yaml_config

if TYPE_CHECKING:
    import pandas as pd

DATA = "trainer_config.data_module_config"
OWN = """
import pandas as pd

def load(path):
    return pd.read_csv(path).rename(columns={"comment_text": "said"})

def process(rows, suffix):
    return rows.assign(text=rows["said"] + suffix, labelled=rows["toxic"])

def split(rows, sizes):
    first, second = sizes
    return {"train": rows[:first], "val": rows[first:second], "test": rows[second:]}

def fail(rows):
    return rows["colour"]

def nothing(rows):
    return 3
"""


def prepare(*overrides: str) -> MultiLabelPreparation:
    config = translate(read_yaml_config(Path("conf.yaml"), overrides))[0]
    dataset: dict[str, Any] = dict(config["dataset_config"])
    place = dataset["dataset_path"]
    return MultiLabelPreparation(None if place is None else Path.cwd() / place, dataset)


def parts_of(*overrides: str) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    preparation = prepare(*overrides)
    rows = preparation.get_rows()
    parts = preparation.get_parts(rows)
    preparation.keep(parts)
    return rows, parts


@pytest.fixture
def own(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's in the working folder; each test has its own name for it."""
    name = f"own_{workplace.name}"
    (workplace / f"{name}.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(workplace)
    allow_folder(workplace)
    return name


@pytest.mark.usefixtures("workplace")
def test_the_rows_come_back_from_the_state_file(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "dsf")
    rows, parts = parts_of()
    assert Path("state.bin").is_file()
    assert "state file" not in caplog.text
    again, same = parts_of()
    assert "rows and parts come from the state file state.bin" in caplog.text
    assert hash_rows(rows) == hash_rows(again)
    assert all(hash_rows(parts[part]) == hash_rows(same[part]) for part in parts)


@pytest.mark.usefixtures("workplace")
def test_the_state_file_is_enough() -> None:
    rows, _ = parts_of()
    Path("data/toxic_multi_class.csv").unlink()
    again, _ = parts_of()
    assert hash_rows(rows) == hash_rows(again)


@pytest.mark.usefixtures("workplace")
def test_the_state_file_must_fit_the_config() -> None:
    parts_of()
    change = [f"{DATA}.split.kwargs.train_ratio=0.6", f"{DATA}.split.kwargs.val_ratio=0.3"]
    with pytest.raises(RunMismatchError) as caught:
        parts_of(*change)
    assert "train_ratio: 0.8 -> 0.6" in str(caught.value)
    assert "state.bin" in str(caught.value)
    assert len(parts_of(*change, f"{DATA}.state_file=null")[1]["train"]) == 57


@pytest.mark.usefixtures("workplace")
def test_the_state_file_must_fit_the_data() -> None:
    parts_of()
    path = Path("data/toxic_multi_class.csv")
    path.write_text(path.read_text(encoding="utf-8") + "c999,Nice.,0,0\n", encoding="utf-8")
    with pytest.raises(RunMismatchError, match="sha256"):
        parts_of()


@pytest.mark.usefixtures("workplace")
def test_another_file_is_no_state() -> None:
    Path("state.bin").write_bytes(b"\x80\x04K\x01.")  # a pickle: never read
    with pytest.raises(RunMismatchError, match="an earlier run has written"):
        parts_of()


@pytest.mark.usefixtures("workplace")
def test_a_state_file_of_another_shape_is_told() -> None:
    with zipfile.ZipFile("state.bin", "w") as archive:
        for name in ("config.json", "train.parquet", "validation.parquet", "test.parquet"):
            archive.writestr(name, "[]")
    with pytest.raises(RunMismatchError, match="an earlier run has written"):
        parts_of()


LOADING = "{module: OWN, func: load, kwargs: {path: data/toxic_multi_class.csv}}"


def test_a_split_that_is_refused_is_not_kept(own: str) -> None:
    splitting = f"{{module: {own}, func: split, kwargs: {{sizes: [60, 60]}}}}"  # no row to validate
    with pytest.raises(HookResultError, match="must give rows for validation"):
        parts_of(f"{DATA}.split={splitting}")
    assert not Path("state.bin").exists()


def test_the_state_file_must_fit_the_files_that_a_function_is_given(own: str) -> None:
    settings = [
        f"{DATA}.load_data={LOADING.replace('OWN', own)}",
        f"{DATA}.process_data={{module: {own}, func: process, kwargs: {{suffix: '!'}}}}",
        f"{DATA}.split.kwargs.labels_columns=[labelled]",
    ]
    rows, _ = parts_of(*settings)
    path = Path("data/toxic_multi_class.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "c999,Nice.,0,0\n", encoding="utf-8")
    with pytest.raises(RunMismatchError, match=r"(?s)sha256 of files.*load_data\.kwargs\.path"):
        parts_of(*settings)
    path.unlink()  # its rows are in the state file
    assert hash_rows(parts_of(*settings)[0]) == hash_rows(rows)


def test_the_state_file_must_fit_the_code_of_the_functions(own: str) -> None:
    splitting = f"{{module: {own}, func: split, kwargs: {{sizes: [60, 80]}}}}"
    parts_of(f"{DATA}.split={splitting}")
    path = Path(f"{own}.py")
    path.write_text(path.read_text(encoding="utf-8") + "\n# another split\n", encoding="utf-8")
    with pytest.raises(RunMismatchError, match=r"(?s)sha256 of code.*Take it away"):
        parts_of(f"{DATA}.split={splitting}")


def test_loading_and_processing_may_be_replaced(own: str) -> None:
    rows, parts = parts_of(
        f"{DATA}.load_data={LOADING.replace('OWN', own)}",
        f"{DATA}.process_data={{class_path: {own}.process, init_args: {{suffix: '!'}}}}",
        f"{DATA}.split.kwargs.labels_columns=[labelled]",
    )
    assert rows["text"].str.endswith("!").all()
    assert rows["labelled"].dtype == "int8"
    assert len(parts["train"]) == 76


def test_splitting_may_be_replaced(own: str) -> None:
    splitting = f"{{module: {own}, func: split, kwargs: {{sizes: [60, 80]}}}}"
    rows, parts = parts_of(f"{DATA}.split={splitting}")
    assert parts["train"]["row_id"].tolist() == list(range(60))
    assert parts["validation"]["row_id"].tolist() == list(range(60, 80))
    assert "broken" in rows.columns  # one's own split may need any column


def test_a_function_that_fails_is_named(own: str) -> None:
    with pytest.raises(HookRaisedError) as caught:
        parts_of(f"{DATA}.split={{module: {own}, func: fail}}")
    assert f"{own}.fail" in str(caught.value)
    assert "colour" in str(caught.value)
    assert f"({own}.py:15) raised KeyError" in str(caught.value)  # not a line of pandas


def test_a_function_that_gives_the_wrong_thing_is_named(own: str) -> None:
    with pytest.raises(HookResultError, match=r"must give a pandas\.DataFrame, but gave int"):
        parts_of(f"{DATA}.process_data={{module: {own}, func: nothing}}")
    with pytest.raises(HookResultError, match="must return tables for train, validation, test"):
        parts_of(f"{DATA}.split={{module: {own}, func: nothing}}")
