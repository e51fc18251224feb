"""Columns that slices and groups need are read by themselves, or missed before the fit."""

import json

import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError
from dsf.core.run_record import RunRecord
from dsf.data.readers import read_configured

SECTION = {"text_column": "text", "split_strategy": "random", "seed": 3}
SLICES = {"slices": ["language", "length"], "smallest_slice": 1}
CLUSTERS = {"resample": "clusters", "group_column": "document"}
FEW = {"n_iterations": 20}
WISHES = {"comparison_config": SLICES, "bootstrap_config": CLUSTERS}


@pytest.fixture
def rows():
    """Texts of documents in two languages."""
    return pd.DataFrame(
        {
            "text": [f"text {'x' * (row % 7)} {row}" for row in range(60)],
            "label": ["no", "no", "yes"] * 20,
            "language": ["en", "de"] * 30,
            "document": [f"d{row // 4}" for row in range(60)],
        }
    )


@pytest.fixture
def fits():
    """What was fitted."""
    return []


@pytest.fixture
def main(plain_main, parts, cfg, fits, rows, tmp_path):
    """Make the project's Main, which reads a file, or has a table of its own."""

    class CountedTrain(parts["Train"]):
        def execute(self):
            fits.append(self.save_path)
            return super().execute()

    class Reads(parts["DatasetPreparation"]):
        def load(self):
            return read_configured(self.dataset_path, self.dataset_config)

    def make(table=None, dataset=None, **arguments):
        if table is None:
            load = Reads.load
            rows.to_csv(tmp_path / "rows.csv", index=False)
            place = {"dataset_path": str(tmp_path / "rows.csv")}
        else:
            place = {}

            def load(_):
                return table

        preparation = type("Reads", (parts["DatasetPreparation"],), {"load": load})
        classes = {"dataset_preparation_class": preparation, "train_class": CountedTrain}
        options = {
            key: arguments.pop(key)
            for key in ("resume", "run_dir", "test_dataset_path")
            if key in arguments
        }
        config = cfg | {"dataset_config": SECTION | place | (dataset or {})} | arguments
        config["bootstrap_config"] = FEW | config.get("bootstrap_config", {})
        return type("ReadsMain", (plain_main,), classes)(config, **options)

    return make


def folders(tmp_path):
    out = tmp_path / "out"
    return sorted(path.name for path in out.iterdir()) if out.is_dir() else []


@pytest.mark.parametrize("own", [False, True])
def test_they_are_there_without_being_kept_by_name(main, rows, tmp_path, own):
    main(rows if own else None, **WISHES).run()
    run = tmp_path / "out" / "v1"
    found = json.loads((run / "5_compare" / "comparison.json").read_text("utf-8"))
    assert {one["column"] for one in found["slices"]} == {"language", "length"}
    scores = json.loads((run / "3_test" / "metrics.json").read_text("utf-8"))
    assert scores["bootstrap"]["resample"] == "clusters"
    kept = set(pd.read_parquet(run / "1_split" / "test.parquet").columns)
    assert kept == {"row_id", "text", "label", "language", "document"}


def test_a_file_without_them_is_told_with_the_columns_it_has(main, fits, tmp_path):
    wishes = {"comparison_config": {"slices": ["langauge"]}}
    with pytest.raises(DataError) as caught:
        main(**wishes).run()
    message = str(caught.value)
    assert "langauge: is not there. Did you mean 'language'?" in message
    assert "comparison_config.slices, bootstrap_config or eval_config names it." in message
    assert not fits
    assert not folders(tmp_path)


@pytest.mark.parametrize(
    ("change", "wishes", "message"),
    [
        ({}, {"comparison_config": {"slices": ["channel"]}}, "'channel' is none of"),
        ({}, {"bootstrap_config": CLUSTERS | {"group_column": "user"}}, "'user' is none of"),
        ({"language": [f"l{n}" for n in range(400)]}, WISHES, "at most 20 different values"),
        ({"document": None}, WISHES, r"'document' has none in 40 rows \(row_id \["),
    ],
)
def test_a_table_without_them_is_refused_before_the_fit(
    main, rows, fits, tmp_path, change, wishes, message
):
    table = pd.concat([rows] * 7)[:400].assign(**change)
    with pytest.raises(ConfigError, match=message):
        main(table, **wishes).run()
    assert not fits
    assert not folders(tmp_path)


def test_rows_to_test_on_are_checked_before_the_model_is_asked(main, rows, parts, tmp_path):
    main(**WISHES).run()
    rows.assign(document=None).to_csv(tmp_path / "more.csv", index=False)
    asked = []
    again = main(test_dataset_path=tmp_path / "more.csv", **WISHES)
    counted = type(
        "Counted",
        (parts["Test"],),
        {"execute": lambda self: asked.append(self) or super().execute()},
    )
    type(again).test_class = counted
    with pytest.raises(ConfigError, match="'document' has none in 60 rows"):
        again.execute_test()
    assert not asked


def test_other_slices_are_of_the_same_data(main, fits, tmp_path):
    """They neither move rows nor let the data seem changed; a run without them says so."""
    hashed = {"split_strategy": "hash"}
    main(dataset=hashed).run()
    main(dataset=hashed, **WISHES).split()
    runs = [tmp_path / "out" / name for name in ("v1", "v2")]
    first, second = (RunRecord.read(run).data_hash for run in runs)
    assert first == second
    for part in ("train", "validation", "test"):
        one, other = (pd.read_parquet(run / "1_split" / f"{part}.parquet") for run in runs)
        assert one["row_id"].tolist() == other["row_id"].tolist()
    main(dataset=hashed, resume=True).split()  # in v2, which has more than it needs
    later = main(dataset=hashed, resume=True, run_dir=runs[0], **WISHES)
    with pytest.raises(ConfigError, match=r"'language' is none of .* when the rows were split"):
        later.run()
    assert len(fits) == 1


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ({"incumbent": "file", "path": "old.csv", "id_column": "document"}, {"document"}),
        ({"incumbent": "http", "url": "http://shop", "columns": ["language"]}, {"language"}),
        ({"id_column": "document", "columns": ["language"]}, set()),  # keys of one's own
    ],
)
def test_what_the_existing_model_is_asked_with_comes_along(main, tmp_path, named, kept):
    main(eval_config=named).split()
    found = set(pd.read_parquet(tmp_path / "out" / "v1" / "1_split" / "test.parquet").columns)
    assert found == {"row_id", "text", "label"} | kept


def test_only_rows_to_test_on_need_them(main, rows, tmp_path):
    paths = {}
    for part, key in (("train", "training_path"), ("val", "validation_path"), ("test", None)):
        table = rows if key is None else rows.drop(columns=["language", "document"])
        table.to_csv(tmp_path / f"{part}.csv", index=False)
        paths[key or "test_dataset_path"] = str(tmp_path / f"{part}.csv")
    main(dataset=paths | {"dataset_path": None}, **WISHES).run()
    split = tmp_path / "out" / "v1" / "1_split"
    assert "language" in pd.read_parquet(split / "test.parquet").columns
    assert "language" not in pd.read_parquet(split / "train.parquet").columns
