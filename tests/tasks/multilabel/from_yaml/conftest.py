"""A working folder with the users' YAML: only its paths, sizes and workers are changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dsf.networks import new_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CHANGES = {
    "bert-base-cased": "scratch:encoder",
    "hidden_size: 768": "hidden_size: 32",
    "num_workers: 8": "num_workers: 0",
}


@pytest.fixture(scope="session")
def _encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "encoder"
    texts = (HERE / "comments.csv").read_text(encoding="utf-8").splitlines()
    new_encoder(
        folder, texts, vocabulary_size=300, hidden_size=32, layers=2, heads=2, max_length=128
    )
    return folder


@pytest.fixture
def workplace(tmp_path: Path, _encoder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: conf.yaml, the comments where it looks for them, and an encoder."""
    shutil.copytree(_encoder, tmp_path / "encoder")
    (tmp_path / "data").mkdir()
    shutil.copy(HERE / "comments.csv", tmp_path / "data" / "toxic_multi_class.csv")
    text = (HERE / "conf.yaml").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "conf.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def change(workplace: Path) -> Callable[[str, str], None]:
    """Replace words of conf.yaml."""

    def do(old: str, new: str) -> None:
        path = workplace / "conf.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return do
