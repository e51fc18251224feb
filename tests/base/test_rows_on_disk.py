"""Rows that lie in files in place of memory are the same rows, and lead to the same run."""

import json

import pandas as pd

from dsf.data.readers import read_configured


def test_a_run_whose_rows_lie_in_files_is_the_same_run(plain_main, parts, cfg, tmp_path):
    lines = [f"text {at % 27},{'yes' if at % 3 else 'no'}" for at in range(60)]
    (tmp_path / "rows.csv").write_text("\n".join(["text,label", *lines]) + "\n")

    def load(self):
        folder = self.dataset_config["rows_path"]
        store = None if folder is None else folder / "rows.arrow"
        return read_configured(self.dataset_path, self.dataset_config, store=store)

    loads = type("Rows", (parts["DatasetPreparation"],), {"load": load})
    main = type("RowsMain", (plain_main,), {"dataset_preparation_class": loads})

    def run(name, **more):
        section = {"dataset_path": str(tmp_path / "rows.csv"), "text_column": "text"}
        section |= {"on_leak": "drop", "keep_columns": []} | more
        paths = {"output": str(tmp_path / name)}
        main(cfg | {"dataset_config": section, "paths": paths}).run()
        return tmp_path / name / "v1"

    held = run("held")
    mapped = run("mapped", rows_path=str(tmp_path / "rows"))
    for part in ("train", "validation", "test"):
        left, right = (
            pd.read_parquet(one / "1_split" / f"{part}.parquet") for one in (held, mapped)
        )
        pd.testing.assert_frame_equal(left, right)
        assert (tmp_path / "rows" / f"{part}.arrow").is_file()
    for file in ("1_split/split.json", "3_test/metrics.json"):
        assert json.loads((held / file).read_text()) == json.loads((mapped / file).read_text())
    assert json.loads((held / "1_split" / "split.json").read_text())["audit"]["dropped"]
