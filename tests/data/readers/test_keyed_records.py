"""Tagged rows of any source keep their further columns, and their places, batch by batch."""

import pytest

from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import ColumnNames, read_rows

from .test_hugging_face import Table
from .test_tag_records import write


def test_other_names_and_further_columns(tmp_path):
    columns = ColumnNames(kind="tags", tokens="words", tags="ner", group="doc", keep=("n",))
    records = [{"words": ["a"], "ner": ["O"], "doc": "x", "n": at} for at in range(3)]
    for name in ("rows.parquet", "rows.jsonl"):
        rows = read_rows(write(tmp_path, records, name), columns=columns)
        assert list(rows) == ["text", "tokens", "starts", "tags", "doc", "n"]
        assert rows.n.astype(int).tolist() == [0, 1, 2]
    with pytest.raises(ConfigError, match="tokens: is named for two things"):
        read_rows(tmp_path / "rows.jsonl", columns=ColumnNames(kind="tags", keep=("tokens",)))


@pytest.mark.parametrize(
    ("name", "place"), [("r.jsonl", "line"), ("r.json", "row"), ("r.parquet", "row"), (None, "row")]
)
def test_places_are_right_behind_the_first_batch(tmp_path, name, place):
    count = 50_000 if name == "r.parquet" else 20_000
    records = [{"tokens": ["a", str(at)], "tags": ["O", "O"], "n": at} for at in range(count + 1)]
    records.append({"tokens": ["a"], "tags": ["O", "O"], "n": 0})
    cells = {key: [record[key] for record in records] for key in ("tokens", "tags", "n")}
    columns = ColumnNames(kind="tags", keep=("n",))
    with pytest.raises(DataError, match="1 problem") as caught:
        read_rows(write(tmp_path, records, name) if name else Table(**cells), columns=columns)
    assert caught.value.problems[0].where == f"{place} {count + 2}, tags"
    cells["tags"][-1] = records[-1]["tags"] = ["O"]
    rows = read_rows(write(tmp_path, records, name) if name else Table(**cells), columns=columns)
    assert len(rows) == count + 2
    assert rows.iloc[-2].tokens == ["a", str(count)]
    assert rows.n.astype(int).tolist() == cells["n"]
