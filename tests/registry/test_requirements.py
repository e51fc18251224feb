"""What a served bundle needs is pinned: all of it, and nothing that no index has."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from dsf.core.bundle import Bundle
from dsf.core.errors import MissingExtraError
from dsf.registry import requirements
from dsf.registry.requirements import SERVING_PACKAGES, TEXT_PACKAGES, serving_requirements
from dsf.registry.saved_model import save_served_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tiny_bundles import TinyBundles

OF_TEXTS = (*SERVING_PACKAGES, *TEXT_PACKAGES)
WHEEL = "dsf_trainer-0.1.0-py3-none-any.whl"
# Used where they are installed, and done without elsewhere: the packages that load them say so.
OPTIONAL = {"dill", "pillow", "setuptools"}

SERVE = """
import json, sys
from importlib.metadata import packages_distributions
import mlflow.pyfunc
import pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
assert len(model.predict(pandas.DataFrame({"text": ["a train to rome", "tea"]}))) == 2
roots = {name.partition(".")[0] for name in sys.modules}
found = packages_distributions()
print(json.dumps(sorted({one for root in roots for one in found.get(root, [])})))
"""


@pytest.fixture(scope="module")
def loaded(bundles: TinyBundles, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the distributions that a fresh process has loaded once it has answered."""
    made = bundles("multilabel")
    model = tmp_path_factory.mktemp("model") / "model"
    save_served_bundle(made.bundle, made.rows, model)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SERVE, model],
        capture_output=True,
        text=True,
        cwd=model.parent,
    )
    assert done.returncode == 0, done.stderr
    names = {canonicalize_name(name) for name in json.loads(done.stdout.splitlines()[-1])}
    assert {"torch", "mlflow", "dsf-trainer"} <= names
    return names


def needed_by(name: str) -> set[str]:
    """Names of what a distribution needs whoever installs it, extras left out."""
    lines = map(Requirement, metadata.requires(name) or [])
    kept = [one for one in lines if one.marker is None or one.marker.evaluate({"extra": ""})]
    return {canonicalize_name(one.name) for one in kept}


def test_what_dsf_asks_for_and_serving_loads_is_pinned(loaded: set[str]) -> None:
    asked = {
        canonicalize_name(Requirement(line).name) for line in metadata.requires("dsf-trainer") or []
    }
    assert "torch" in asked
    assert {canonicalize_name(one) for one in OF_TEXTS} == loaded & asked - OPTIONAL


def test_all_else_that_serving_loads_comes_with_that(loaded: set[str]) -> None:
    brought = {canonicalize_name(one) for one in (*OF_TEXTS, "dsf-trainer")}
    new = set(brought)
    while new:
        new = {one for name in new for one in needed_by_installed(name)} - brought
        brought |= new
    assert loaded - OPTIONAL <= brought


def needed_by_installed(name: str) -> set[str]:
    try:
        return needed_by(name)
    except metadata.PackageNotFoundError:  # of another platform, or one that is not loaded
        return set()


@pytest.mark.parametrize("reads_texts", [True, False])
def test_versions_are_those_installed_here_without_build_tags(reads_texts: bool) -> None:
    *lines, wheel = serving_requirements(WHEEL, reads_texts=reads_texts)
    assert wheel == f"code/{WHEEL}"
    assert not [line for line in lines if "+" in line]
    pins = {one.name: str(one.specifier) for one in map(Requirement, lines)}
    assert set(pins) == set(OF_TEXTS if reads_texts else SERVING_PACKAGES)
    for name, pin in pins.items():
        assert pin == f"=={Version(metadata.version(name)).public}"
    assert re.fullmatch(r"==\d+\.\d+\.\d+", pins["torch"])


def test_all_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "SERVING_PACKAGES", ("numpy", "no-such-a", "no-such-b"))
    with pytest.raises(MissingExtraError, match="no-such-a, no-such-b"):
        serving_requirements(WHEEL, reads_texts=True)


def test_the_model_lists_them(bundles: TinyBundles, tmp_path: Path) -> None:
    made = bundles("multilabel")
    save_served_bundle(Bundle.open(made.bundle.folder), made.rows, tmp_path / "model")
    (wheel,) = (tmp_path / "model" / "code").iterdir()
    text = (tmp_path / "model" / "requirements.txt").read_text()
    assert text.splitlines() == serving_requirements(wheel.name, reads_texts=True)
