"""Whatever kind of predictions is on disk, it is read as what it was."""

import numpy as np
import pandas as pd
import pytest

from dsf.core.errors import DataError, RunNotFoundError
from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.prediction_kinds import read_predictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions

ONE = np.array([1])
SINGLE = Predictions(ONE, np.array(["a"]), np.array(["a"]), ["a"])


@pytest.mark.parametrize(
    "given",
    [
        SINGLE,
        MultiOutputPredictions({"topic": SINGLE}),
        MultiLabelPredictions(ONE, np.array([[1]]), np.array([[0.5]]), np.array([0.5]), ["a"]),
        TagPredictions(ONE, ["a"], [[0]], [["a"]], [["N"]], [["N"]], [[1.0]], ["N"]),
    ],
    ids=lambda kind: type(kind).__name__,
)
def test_the_kind_comes_back(tmp_path, given):
    given.write(tmp_path / "p.parquet")
    assert type(read_predictions(tmp_path / "p.parquet")) is type(given)


def test_other_files_are_refused(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(DataError, match="must be written by one of dsf's kinds"):
        read_predictions(tmp_path / "p.parquet")
    with pytest.raises(RunNotFoundError, match=r"q\.parquet"):
        read_predictions(tmp_path / "q.parquet")
