"""The labelled rows of a text task come from a file, a function, or a file beside memory."""

import pandas as pd
import pytest

from dsf.core.errors import ConfigError
from dsf.tasks.parts.rows import load_rows


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text,label\na few words,x\nothers,y\n", encoding="utf-8")
    return path


def test_rows_of_a_file(path):
    rows = load_rows(path, {})
    assert rows.to_dict("list") == {"text": ["a few words", "others"], "label": ["x", "y"]}


def test_rows_that_a_file_holds_in_place_of_memory_are_the_same(path, tmp_path):
    mapped = load_rows(path, {"rows_path": tmp_path / "rows"})
    pd.testing.assert_frame_equal(mapped, load_rows(path, {}))
    assert (tmp_path / "rows" / "rows.arrow").is_file()


def test_without_a_file_there_must_be_a_function():
    with pytest.raises(ConfigError, match="dataset_path: must name the file with the rows"):
        load_rows(None, {})
