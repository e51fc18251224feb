"""A model is loaded back by a fresh process, and must answer there as the run did."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dsf.core.errors import BundleError, DataError, UserError
from dsf.registry.check import check_logged_model
from dsf.registry.logged_model import log_bundle
from dsf.registry.new_version import NewVersion
from tests.registry.conftest import save_pickled

if TYPE_CHECKING:
    from pathlib import Path

    from tests.registry.conftest import Store
    from tests.tiny_bundles import Made, TinyBundles


@pytest.fixture(scope="module")
def made(bundles: TinyBundles) -> Made:
    return bundles("ner")


def test_only_the_rows_are_named_that_a_fresh_process_answers_otherwise(
    made: Made, store: Store
) -> None:
    logged = log_bundle(
        made.bundle.folder,
        made.rows,
        NewVersion("shop"),
        settings=store.settings,
        run_id=store.run_id,
    )
    answers = made.answer(made.rows).take(np.arange(60))
    changed = [list(row) for row in answers.confidences]
    changed[4][0] -= 0.01
    other = replace(answers, confidences=changed)
    mixed = made.rows.sample(frac=1, random_state=3)
    with pytest.raises(BundleError) as caught:
        check_logged_model(logged.uri, made.bundle, mixed, other, settings=store.settings)
    (problem,) = caught.value.problems
    assert problem.where == f"row {answers.row_ids[4]}"
    assert problem.message.endswith("one is off by 0.01.")
    assert "does not in 1 answer of 60 rows" in caught.value.headline


def test_a_pickled_model_is_refused_whatever_the_user_has_set(
    made: Made, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_pickled(tmp_path / "old")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    answers = made.answer(made.rows)
    with pytest.raises(BundleError, match="using pickle is disallowed"):
        check_logged_model(
            os.fspath(tmp_path / "old"), made.bundle, made.rows, answers, settings=store.settings
        )


def test_rows_that_lack_are_named(made: Made, store: Store) -> None:
    answers = made.answer(made.rows)
    with pytest.raises(DataError, match=r"but \[900, 893\] are not"):
        check_logged_model(
            "models:/m-1", made.bundle, made.rows.iloc[2:], answers, settings=store.settings
        )


def test_a_store_that_hangs_is_not_waited_for_for_ever(
    made: Made, store: Store, tmp_path: Path
) -> None:
    hanging = tmp_path / "python"
    hanging.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    hanging.chmod(0o755)
    answers, begin = made.answer(made.rows), time.monotonic()
    with pytest.raises(UserError, match=r"answer 80 rows in 1 s, but has not: models:/m-1\.") as no:
        check_logged_model(
            "models:/m-1",
            made.bundle,
            made.rows,
            answers,
            settings=store.settings,
            python=hanging,
            patience=1,
        )
    assert time.monotonic() - begin < 30
    assert "dsf-cli register RUN" in str(no.value)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
